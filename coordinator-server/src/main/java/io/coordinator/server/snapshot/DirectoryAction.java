package io.coordinator.server.snapshot;

import java.io.IOException;
import java.nio.file.Path;

/** What is done to a directory as a whole; a seam at which tests let disks fail. */
interface DirectoryAction {
    void on(Path directory) throws IOException;
}
