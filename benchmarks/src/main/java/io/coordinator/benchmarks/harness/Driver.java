package io.coordinator.benchmarks.harness;

/**
 * One client of one system under test, as an asynchronous program would hold it. What the system can do are interfaces
 * that extend this one, and a workload is measured on the systems whose driver has the workload's. Calls return at
 * once; a stage completes when the system has acknowledged the operation, exceptionally if it was refused or went
 * wrong. Safe on any thread.
 */
public interface Driver extends AutoCloseable {
    @Override
    void close() throws Exception;
}
