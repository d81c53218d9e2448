package io.coordinator.client.cluster;

import java.util.List;

/**
 * Some of the acts.
 *
 * @param acts the newest first
 * @param more whether older ones are there; go on before the last one's number
 */
public record AdminActPage(List<AdminAct> acts, boolean more) {
    public AdminActPage {
        acts = List.copyOf(acts);
    }
}
