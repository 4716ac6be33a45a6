#ifndef REDRESS_SERVICES_INTAKE_RPC_TESTING_FILLED_MESSAGES_H_
#define REDRESS_SERVICES_INTAKE_RPC_TESTING_FILLED_MESSAGES_H_

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace redress::intake {

// Sets every field of `message`, and of all messages in it, to a value of its own, so that a
// converter which forgets a field, or takes one for another, is found out. Lists get two elements;
// of a oneof the last member stays.
void FillEveryField(google::protobuf::Message& message);

// The paths of fields that are not set, lists that are empty, and texts and numbers that are empty
// or zero, in `message` and the first element of its lists. Of a oneof one member is enough.
std::vector<std::string> UnsetFields(const google::protobuf::Message& message);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_TESTING_FILLED_MESSAGES_H_
