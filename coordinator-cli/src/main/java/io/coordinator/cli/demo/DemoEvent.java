package io.coordinator.cli.demo;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.watch.ChangeEvent;

/** Something that the demo is told, by whichever thread; it handles one at a time. */
sealed interface DemoEvent {
    /** A worker process said something. */
    record WorkerSaid(String worker, WorkerReport report) implements DemoEvent {}

    /** The cluster told of a change of the build. */
    record BuildChanged(ChangeEvent change) implements DemoEvent {}

    /** The watch of the build ended: nobody counts commits any more. */
    record WatchEnded(String why) implements DemoEvent {}

    /** A process ended that should not have. */
    record ProcessEnded(String process, int exitCode) implements DemoEvent {}

    /** A node leads that did not before. */
    record LeaderElected(String node, long term, long millisSinceKill) implements DemoEvent {}

    /** The first write since the kill was acknowledged. */
    record WriteAcknowledged(long millisSinceKill) implements DemoEvent {}

    /** The write that was to show the failover's end failed. */
    record WriteFailed(CoordinatorException why) implements DemoEvent {}
}
