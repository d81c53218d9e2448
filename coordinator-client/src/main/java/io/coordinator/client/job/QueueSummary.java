package io.coordinator.client.job;

import java.time.Duration;

/**
 * A queue in a list.
 *
 * @param namespace of the queue
 * @param name of the queue
 * @param delayed how many jobs are not due yet, those that wait for another attempt with them
 * @param waiting how many jobs wait for a worker
 * @param running how many jobs run
 * @param dead how many jobs wait to be redriven
 * @param finished how many finished jobs are remembered
 * @param workers how many workers it has
 * @param oldestWait for how long the job has waited that has waited longest, be it for a worker or for an earlier one
 *     of its key, in milliseconds of cluster time; 0 if none waits
 * @param paused whether workers get nothing
 * @param submitted how many jobs were submitted since the queue was made
 * @param succeeded how many of them have succeeded
 * @param attemptsFailed how many attempts have failed or took too long
 * @param attemptsLost how many attempts ended with the session of their worker
 * @param retrying how many of the delayed ones wait for another attempt
 * @param freeSlots how many jobs more its workers would take now
 * @param died how many times a job has become dead, since the queue was made
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
        long attemptsLost,
        long retrying,
        long freeSlots,
        long died) {}
