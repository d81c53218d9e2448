package io.coordinator.benchmarks.harness;

/** A client of a system that tells each message to everyone who listens. */
public interface FanOutDriver extends Driver {
    /**
     * Makes a topic and connects subscribers; returns when each of them will get all that is published from then on.
     *
     * @param receiver gets each subscriber's copy of each message, with the subscriber's number
     * @return where to publish: a stage completes when the message has been handed over, whoever got it. Closing it
     *     disconnects the subscribers
     */
    MessageSink openFanOut(int subscribers, MessageReceiver receiver) throws Exception;
}
