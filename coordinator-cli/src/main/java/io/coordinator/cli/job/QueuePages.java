package io.coordinator.cli.job;

import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobPage;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobSummary;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of one queue, or those in one state. While they are read jobs change their states, and a list of one state
 * can go on only behind a job that is still in it.
 */
final class QueuePages implements WorkPages.Part {
    private final JobQueue queue;
    private final JobFilter filter;
    private List<JobSummary> before = List.of();
    private boolean more = true;

    QueuePages(JobQueue queue, JobFilter filter) {
        this.queue = queue;
        this.filter = filter;
    }

    @Override
    public Optional<List<WorkItem>> next() {
        if (!more) {
            return Optional.empty();
        }
        JobPage page = before.isEmpty() ? queue.list(filter) : behind();
        List<JobSummary> news = page.jobs().stream()
                .filter(job -> before.stream().noneMatch(old -> old.id().equals(job.id())))
                .toList();
        // What is left of a page whose jobs are being purged does not say where the next one begins.
        more = page.more() && !page.jobs().isEmpty();
        before = page.jobs();
        return Optional.of(
                news.stream().map(job -> WorkItem.of(queue.name(), job)).toList());
    }

    /**
     * Jobs that run end in any order, so one of the page before is still there, as a rule. All others leave their state
     * from the front of the list: when the last one of a page has left, those at the front are what comes next.
     */
    private JobPage behind() {
        int earliest = filter.state().filter(JobState.RUNNING::equals).isPresent() ? 0 : before.size() - 1;
        for (int i = before.size() - 1; i >= earliest; i--) {
            Optional<JobPage> page = behind(before.get(i).id());
            if (page.isPresent()) {
                return page.get();
            }
        }
        return queue.list(filter);
    }

    /** Empty if that job has left the state meanwhile. */
    private Optional<JobPage> behind(String id) {
        try {
            return Optional.of(queue.list(filter.after(id)));
        } catch (KeyNotFoundException e) {
            return Optional.empty();
        }
    }
}
