package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.StartWatch;

/**
 * What a watch selects: one key, or all keys with a prefix, of one kind of data in one namespace.
 *
 * @param data the number of the kind
 */
record Topic(int data, String namespace, String key, boolean prefix) {

    static Topic of(StartWatch watch) {
        return new Topic(watch.getDataValue(), watch.getNamespace(), watch.getKey(), watch.getPrefix());
    }

    /** {@code CLEARED} is a change of every key that starts with its key. */
    boolean matches(Change change) {
        return change.getDataValue() == data
                && change.getNamespace().equals(namespace)
                && (isSelected(change.getKey())
                        || (change.getKind() == ChangeKind.CLEARED && key.startsWith(change.getKey())));
    }

    private boolean isSelected(String changed) {
        return prefix ? changed.startsWith(key) : changed.equals(key);
    }
}
