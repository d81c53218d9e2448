package io.coordinator.benchmarks.harness;

/** A client of a system that keeps messages. */
public interface PublishDriver extends Driver {
    /**
     * Makes a topic or queue that keeps what it is sent.
     *
     * @return where to publish: a stage completes when the system has promised to keep the message. Closing it removes
     *     the topic
     */
    MessageSink openTopic() throws Exception;
}
