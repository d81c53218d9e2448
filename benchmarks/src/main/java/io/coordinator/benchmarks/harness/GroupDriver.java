package io.coordinator.benchmarks.harness;

import java.util.List;

/** A client of a system whose members of a group share messages among them. */
public interface GroupDriver extends Driver {
    /**
     * Makes a queue or topic, fills it, and only then starts the members of a group that consumes it.
     *
     * @param backlog published durably, each once
     * @param receiver gets each message after its member has acknowledged it, with the member's number
     * @return closing it stops the members and removes the queue
     */
    AutoCloseable consume(List<byte[]> backlog, int members, MessageReceiver receiver) throws Exception;
}
