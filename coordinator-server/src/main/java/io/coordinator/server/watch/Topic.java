package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.StartWatch;

/** What a watch selects of a kind of data: one key, or all keys with a prefix, in one namespace. */
record Topic(String namespace, String key, boolean prefix) {

    static Topic of(StartWatch watch) {
        return new Topic(watch.getNamespace(), watch.getKey(), watch.getPrefix());
    }

    /** {@code CLEARED} is a change of every key that starts with its key. */
    boolean matches(Change change) {
        return change.getNamespace().equals(namespace)
                && (isSelected(change.getKey())
                        || (change.getKind() == ChangeKind.CLEARED && key.startsWith(change.getKey())));
    }

    private boolean isSelected(String changed) {
        return prefix ? changed.startsWith(key) : changed.equals(key);
    }
}
