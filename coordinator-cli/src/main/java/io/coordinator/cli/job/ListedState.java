package io.coordinator.cli.job;

import io.coordinator.client.job.JobState;
import java.util.Locale;

/** A state of jobs as it is typed and shown. */
enum ListedState {
    delayed(JobState.DELAYED),
    waiting(JobState.WAITING),
    running(JobState.RUNNING),
    succeeded(JobState.SUCCEEDED),
    dead(JobState.DEAD),
    cancelled(JobState.CANCELED);

    private final JobState state;

    ListedState(JobState state) {
        this.state = state;
    }

    JobState state() {
        return state;
    }

    /** How a state is shown; also one that this version does not know. */
    static String text(JobState state) {
        return state == JobState.CANCELED ? cancelled.name() : state.name().toLowerCase(Locale.ROOT);
    }
}
