package io.coordinator.state;

import com.google.protobuf.Message;
import io.coordinator.protocol.Error;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.FieldRules;
import java.util.Optional;

/**
 * Turns away messages of clients that are neither commands nor queries by the rules of their fields: greetings, frames,
 * watches, calls of operators. Immutable.
 */
public final class MessageGate {
    private final Limits limits;

    public MessageGate(Limits limits) {
        this.limits = limits;
    }

    /** What is wrong with a message; fields of a newer version are not, for they concern nobody but this node. */
    public Optional<Error> refuse(Message message) {
        Check check = Check.ofThisNode(limits.nameBytesMax(), limits.valueBytesMax(), limits.versionMax(), true);
        FieldRules.admit(message, check);
        return check.result();
    }
}
