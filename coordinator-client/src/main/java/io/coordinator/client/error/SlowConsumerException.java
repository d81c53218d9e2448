package io.coordinator.client.error;

/** A watch ended because its listener did not keep up. Start it again, and do less in the listener. */
public final class SlowConsumerException extends CoordinatorException {
    public SlowConsumerException(String message) {
        super(ErrorCode.ESLOWCONSUMER, true, false, message, null);
    }
}
