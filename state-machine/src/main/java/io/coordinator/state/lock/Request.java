package io.coordinator.state.lock;

import io.coordinator.protocol.LockCommand;
import io.coordinator.state.kernel.Name;
import java.util.List;

/** The locks that a command is about. */
record Request(String namespace, List<String> plain, List<Name> names) {

    static Request of(LockCommand lock) {
        List<String> plain = lock.getNamesList();
        return new Request(lock.getNamespace(), plain, LockNames.of(lock.getNamespace(), plain));
    }

    /** For messages to people. */
    @Override
    public String toString() {
        return LockNames.describe(namespace, plain);
    }
}
