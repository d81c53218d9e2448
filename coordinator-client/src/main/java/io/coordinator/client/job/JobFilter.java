package io.coordinator.client.job;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import java.util.Objects;
import java.util.Optional;

/**
 * Which jobs of a queue are listed. Immutable: each method returns a changed copy.
 *
 * @param state only those in it: that wait in the order in which they will run, that are delayed as they come due, that
 *     run as they were submitted, and others as they ended. Empty for all, in the order of their ids
 * @param after the id behind which the list begins, of a job that is there and in that state; empty for the beginning.
 *     A <a href="../package-summary.html#names">name</a>
 * @param limit at most so many, from 1; fewer come if the cluster's pages are smaller
 */
public record JobFilter(Optional<JobState> state, String after, int limit) {
    private static final JobFilter ALL = new JobFilter(Optional.empty(), "", 1_000);

    /**
     * Checks the filter.
     *
     * @throws ValidationException if the limit is less than 1, the state is {@link JobState#OTHER}, or the id has NUL
     *     or half of a surrogate pair
     */
    public JobFilter {
        Objects.requireNonNull(state, "state");
        Text.prefix("after", after);
        Arguments.positive("limit", limit);
        if (state.filter(JobState.OTHER::equals).isPresent()) {
            throw new ValidationException("state must be one that jobs can be in, but is OTHER");
        }
    }

    /** The first jobs of all states. */
    public static JobFilter all() {
        return ALL;
    }

    /** The first jobs of a state. */
    public static JobFilter in(JobState state) {
        return new JobFilter(Optional.of(state), "", ALL.limit);
    }

    /**
     * Those behind one, for the next page.
     *
     * @param id of the last one of the page before; a <a href="../package-summary.html#names">name</a>
     */
    public JobFilter after(String id) {
        return new JobFilter(state, id, limit);
    }

    /**
     * At most so many.
     *
     * @param most from 1
     */
    public JobFilter withLimit(int most) {
        return new JobFilter(state, after, most);
    }
}
