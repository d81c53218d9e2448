package io.coordinator.cli.job;

import io.coordinator.cli.console.ListPrinter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Several lists, one behind the other. They are read page by page, and once. */
final class WorkPages implements ListPrinter.Source<WorkItem> {
    /** One of the lists. */
    interface Part {
        /** Its next page; empty if there is none. */
        Optional<List<WorkItem>> next();
    }

    private final Deque<Part> parts;
    private List<WorkItem> ahead = List.of();

    WorkPages(List<? extends Part> parts) {
        this.parts = new ArrayDeque<>(parts);
    }

    @Override
    public ListPrinter.Page<WorkItem> after(Optional<WorkItem> last) {
        List<WorkItem> page = ahead.isEmpty() ? read() : ahead;
        ahead = read();
        return new ListPrinter.Page<>(page, !ahead.isEmpty());
    }

    /** The next page with something on it; an empty one if there is none. */
    private List<WorkItem> read() {
        while (!parts.isEmpty()) {
            Optional<List<WorkItem>> page = parts.getFirst().next();
            if (page.isEmpty()) {
                parts.removeFirst();
            } else if (!page.get().isEmpty()) {
                return page.get();
            }
        }
        return List.of();
    }
}
