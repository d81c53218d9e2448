package io.coordinator.cli.demo;

/** The demo did not come to its end; the message says at which point. */
final class DemoFailure extends Exception {
    private static final long serialVersionUID = 1L;

    DemoFailure(String message) {
        super(message);
    }
}
