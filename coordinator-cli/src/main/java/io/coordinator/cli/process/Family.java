package io.coordinator.cli.process;

import java.util.List;

/** A command and what it has started, directly or not. */
interface Family extends AutoCloseable {
    /** Those that live now. */
    List<ProcessHandle> living();

    /** Nobody asks any more. */
    @Override
    void close();
}
