package io.coordinator.benchmarks.harness;

/** A client of a system that keeps jobs until a worker has done them. */
public interface JobDriver extends Driver {
    /**
     * Starts a worker with a connection of its own, whose handler does nothing.
     *
     * @param atOnce how many jobs it does at a time
     * @return who submits jobs: an answer is the payload as the worker had it, and comes when the system has
     *     acknowledged the submission as well as the completion. Closing it stops the worker
     */
    MessageCaller openJobs(int atOnce) throws Exception;
}
