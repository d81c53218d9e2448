package io.coordinator.benchmarks.harness;

/** Three server processes of one system on loopback. Started once, stopped once. */
public interface SystemUnderTest {

    /**
     * Starts the servers with empty data directories; returns when they run, which may be before they have a leader.
     */
    void start() throws Exception;

    /** Opens a client; returns when the system has answered it. */
    Driver connect() throws Exception;

    /** The processor time that all server processes have used so far. */
    long serverCpuMicros();

    /** Ends every server process and removes its data; does nothing if none was started. */
    void stop();
}
