package io.coordinator.client.builds;

import java.util.List;
import java.util.Optional;

/**
 * Some builds of a listing, all as they were at one revision.
 *
 * @param builds in the order of their keys
 * @param more whether there are more after the last one
 * @param revision of the cluster when they were read
 */
public record BuildPage(List<Item> builds, boolean more, long revision) {
    public BuildPage {
        builds = List.copyOf(builds);
    }

    /**
     * One build.
     *
     * @param key within the namespace
     * @param state where it stands
     * @param waiters how many wait for its builder
     * @param builder who builds it, also anew; empty if nobody does
     * @param task whether it is a task that is done once, as by {@link Builds#runOnce}, and not a value
     */
    public record Item(
            String key, BuildStatus.State state, long waiters, Optional<BuilderInfo> builder, boolean task) {}
}
