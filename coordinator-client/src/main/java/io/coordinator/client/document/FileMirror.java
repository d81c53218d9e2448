package io.coordinator.client.document;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that follows a document (DJ-SRC-2, A-02). The document is what counts: each change of it replaces the file in
 * one step, and what others write into the file is lost with the next change. If the document is deleted, the file
 * stays as it was last.
 *
 * <p>A symbolic link stays one, and the file that it leads to is replaced. The file's mode, owner and group are kept
 * where the file system knows them; a new file has those of the process. Other names of the same file (hard links),
 * access control lists and extended attributes are not kept. Sometimes the file cannot be replaced in this way: the
 * owner may not be set, the directory is read-only, or the file is a mount of its own or no regular file. Then it stays
 * as it is, and {@link #failure()} says why.
 */
public interface FileMirror extends AutoCloseable {
    /** What the file follows. */
    Document document();

    /** The file. */
    Path file();

    /** The revision of the document that the file holds. */
    long revision();

    /**
     * Why the file does not hold the newest content that this client knows of; tried again with the next change and
     * when the cluster is back.
     */
    Optional<Exception> failure();

    /** Stops; the file stays as it is. Idempotent. */
    @Override
    void close();
}
