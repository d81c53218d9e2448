package io.coordinator.client.job;

/** Which jobs a purge forgets. */
public enum PurgeKind {
    /** Those that wait or are delayed. Those who await one are told that it was cancelled. */
    WAITING,
    /** Those that succeeded or were cancelled. */
    FINISHED,
    /** Those whose attempts are used up. */
    DEAD
}
