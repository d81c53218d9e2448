package io.coordinator.client.cache;

import java.util.List;

/**
 * A page of keys at one revision.
 *
 * @param keys in the order of their UTF-8 bytes
 * @param more whether there are more; go on after the last one
 * @param revision of the state that answered
 */
public record KeyPage(List<String> keys, boolean more, long revision) {
    public KeyPage {
        keys = List.copyOf(keys);
    }
}
