package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobAnswer;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JobSummary;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.Query;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** Lists of a queue while what a purge has taken out is still there: a page with more behind it is never empty. */
@Feature({"B-26", "C-09"})
class PurgedListsTest extends JobScript {
    private void purged(int count) {
        withoutShadow();
        for (int from = 0; from < count; from += 500) {
            NewJob.Builder[] jobs = new NewJob.Builder[500];
            for (int i = 0; i < jobs.length; i++) {
                jobs[i] = newJob("a%05d".formatted(from + i));
            }
            submit("a", jobs);
        }
        submit("a", "b");
        join("w", 1);
        cutSlices(1);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        submit("a", "c", "d");
        assertThat(core().hasWorkLeft()).isTrue();
    }

    private Answer page(String after, int limit) {
        return query(Query.newBuilder()
                .setJob(JobQuery.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setQueue(QUEUE)
                        .setList(ListJobs.newBuilder().setAfterId(after).setLimit(limit))));
    }

    @Test
    void whatIsPurgedTakesNoRoomOnAPage() {
        purged(1_000);
        JobAnswer page = page("", 2).getJob();
        assertThat(page.getJobs().getJobsList()).extracting(JobSummary::getId).containsExactly("a00000", "c");
        assertThat(page.getJobs().getMore()).isTrue();
    }

    @Test
    void anAnswerDoesNotLookThroughVeryMany() {
        purged(5_000);
        JobAnswer first = page("", 2).getJob();
        assertThat(first.getJobs().getJobsList()).extracting(JobSummary::getId).containsExactly("a00000");
        assertThat(first.getJobs().getMore()).isTrue();
        assertThat(page("a00000", 2).getError().getCode()).isEqualTo(ErrorCode.EBUSY);
        drain();
        assertThat(page("a00000", 2).getJob().getJobs().getJobsList())
                .extracting(JobSummary::getId)
                .containsExactly("c", "d");
    }
}
