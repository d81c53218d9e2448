package io.coordinator.state.kernel;

/** What sessions call themselves, for people. */
public interface ClientNames {
    /** Empty if the session has ended or has no name. */
    String of(long sessionId);
}
