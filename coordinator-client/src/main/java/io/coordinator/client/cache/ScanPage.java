package io.coordinator.client.cache;

import java.util.List;

/**
 * A page of entries at one revision.
 *
 * @param entries in the order of their keys' UTF-8 bytes
 * @param more whether there are more; go on after the last key
 * @param revision of the state that answered
 */
public record ScanPage(List<Entry> entries, boolean more, long revision) {
    public ScanPage {
        entries = List.copyOf(entries);
    }
}
