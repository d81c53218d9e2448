package io.coordinator.client.job;

import java.time.Duration;

/**
 * A queue in a list.
 *
 * @param namespace of the queue
 * @param name of the queue
 * @param delayed how many jobs are not due yet
 * @param waiting how many jobs wait for a worker
 * @param running how many jobs run
 * @param dead how many jobs wait to be redriven
 * @param finished how many finished jobs are remembered
 * @param workers how many workers it has
 * @param oldestWait for how long the job has waited that would run next; 0 if there is none, in milliseconds
 * @param paused whether workers get nothing
 * @param submitted how many jobs were submitted since the queue was made
 * @param succeeded how many of them have succeeded
 * @param attemptsFailed how many attempts have failed or took too long
 * @param attemptsLost how many attempts ended with the session of their worker
 */
public record QueueSummary(
        String namespace,
        String name,
        long delayed,
        long waiting,
        long running,
        long dead,
        long finished,
        int workers,
        Duration oldestWait,
        boolean paused,
        long submitted,
        long succeeded,
        long attemptsFailed,
        long attemptsLost) {}
