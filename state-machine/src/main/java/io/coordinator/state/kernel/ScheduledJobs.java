package io.coordinator.state.kernel;

import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.Reply;

/** What schedules ask of the queues: each firing is a job that names its schedule. */
public interface ScheduledJobs {
    /** Says what is wrong with a job whatever the state. */
    void admit(NewJob job, Check check);

    /**
     * Submits a job, in the command that is being applied.
     *
     * @param job with an id and the name of its schedule, which is in the queue's namespace
     * @return that of a submission of one job, or a refusal; then nothing was changed
     */
    Reply.Builder submit(Context at, Name queue, NewJob job, Effects effects);

    /** Whether a job of a schedule waits or runs. */
    boolean isUnfinished(Name schedule);

    /** About how many do: those that a purge has taken out, and that are not yet forgotten, count as well. */
    int unfinished(Name schedule);

    /**
     * Cancels the jobs of a schedule that wait, and has workers told to stop those that run: the last ones of each
     * queue first, and not all of very many.
     */
    void cancel(Context at, Name schedule, Effects effects);
}
