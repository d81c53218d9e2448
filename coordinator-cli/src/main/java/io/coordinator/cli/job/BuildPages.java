package io.coordinator.cli.job;

import io.coordinator.client.builds.BuildPage;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.Builds;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Builds and tasks: those that run, or those that are done. */
final class BuildPages implements WorkPages.Part {
    private static final int PAGE = 100;

    private final Builds builds;
    private final boolean running;
    private String after = "";
    private boolean more = true;

    BuildPages(Builds builds, boolean running) {
        this.builds = builds;
        this.running = running;
    }

    @Override
    public Optional<List<WorkItem>> next() {
        if (!more) {
            return Optional.empty();
        }
        BuildPage page = running ? builds.listRunning("", after, PAGE) : builds.list("", after, PAGE);
        List<BuildPage.Item> items = page.builds();
        more = page.more() && !items.isEmpty();
        after = items.isEmpty() ? after : items.get(items.size() - 1).key();
        Instant now = Instant.now();
        return Optional.of(items.stream()
                .filter(this::isListed)
                .map(item -> WorkItem.of(item, now))
                .toList());
    }

    private boolean isListed(BuildPage.Item item) {
        return running ? item.builder().isPresent() : item.state() == BuildStatus.State.EXISTS;
    }
}
