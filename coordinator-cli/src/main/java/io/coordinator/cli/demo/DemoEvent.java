package io.coordinator.cli.demo;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobChange;
import io.coordinator.client.watch.ChangeEvent;

/** Something that the demo is told, by whichever thread; it handles one at a time. */
sealed interface DemoEvent {
    /** What it means for a demo that cannot go on with it. */
    default DemoFailure failure() {
        return new DemoFailure("not expected here: " + this);
    }

    /** A worker process said something. */
    record WorkerSaid(String worker, WorkerReport report) implements DemoEvent {}

    /** The cluster told of a change of the build. */
    record BuildChanged(ChangeEvent change) implements DemoEvent {}

    /** The cluster told of a change of a job. */
    record JobChanged(JobChange change) implements DemoEvent {}

    /** The watch ended: nobody counts commits any more. */
    record WatchEnded(String why) implements DemoEvent {
        @Override
        public DemoFailure failure() {
            return new DemoFailure("the watch ended: " + why);
        }
    }

    /** A process ended that should not have. */
    record ProcessEnded(String process, int exitCode) implements DemoEvent {}

    /** Every node knows the leader and is caught up. */
    record AllServe() implements DemoEvent {}

    /** A worker goes on that was paused. */
    record WorkerResumed(String worker, long millis) implements DemoEvent {}

    /** A node leads that did not before. */
    record LeaderElected(String node, long term, long millisSinceKill) implements DemoEvent {
        String line() {
            return node + " leads in term " + term + ", " + millisSinceKill + " ms after the kill";
        }
    }

    /** The first write since the kill was acknowledged. */
    record WriteAcknowledged(long millisSinceKill) implements DemoEvent {
        String line() {
            return "a write is acknowledged, " + millisSinceKill + " ms after the kill";
        }
    }

    /** The write that was to show the failover's end failed. */
    record WriteFailed(CoordinatorException why) implements DemoEvent {
        @Override
        public DemoFailure failure() {
            return new DemoFailure("no write was acknowledged after the kill: " + why.getMessage());
        }
    }
}
