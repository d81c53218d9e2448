package io.coordinator.client.document;

import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * JSON documents of one namespace, edited in place by path. An edit costs as much as it changes, however large the
 * document is: neither the network nor the log carries more.
 *
 * <p>Ids are <a href="../package-summary.html#names">names</a>, prefixes can be empty. A bad one is refused with
 * {@link ValidationException}.
 */
public interface Documents {
    /** The namespace. */
    String namespace();

    /** As {@link #open(String, OpenOptions)}, with the defaults. */
    Document open(String id);

    /**
     * Opens a document, and creates it if there is none. If several open it at once, one of them creates it, and all
     * see its content (DJ-INIT-1).
     *
     * @param id a <a href="../package-summary.html#names">name</a>
     * @throws ValidationException if the id is no valid name, or the document exists as another kind
     * @throws PayloadTooLargeException if the initial content has more than 1 MiB as JSON
     */
    Document open(String id, OpenOptions options);

    /**
     * Opens a document as values of a type (DJ-TYPE-1).
     *
     * @param initial what it begins with if there is none; at most 1 MiB as JSON
     */
    <T> TypedDocument<T> open(String id, Class<T> type, T initial);

    /**
     * Keeps a file equal to a document for as long as the mirror is open (DJ-SRC-2). A document that does not exist
     * begins with what
     * the file holds; otherwise the file is overwritten.
     *
     * @param id of a document of kind {@code FILE}; commonly the file's path
     * @throws ValidationException if the document does not exist and the file is not JSON; or if it exists as another
     *     kind
     * @throws PayloadTooLargeException if the file is JSON of more than 1 MiB, also where it would be overwritten
     * @throws UncheckedIOException if the file cannot be read or written
     */
    FileMirror mirrorToFile(String id, Path file);

    /** A handle of a document that exists, or will exist. Does not ask the cluster. */
    Document handle(String id);

    /** As {@link #scan(String, String, int, boolean)} from the start, 100 at most, without contents. */
    default DocumentPage scan(String prefix) {
        return scan(prefix, "", 100, false);
    }

    /**
     * Lists documents by the start of their ids, in order, at one revision (B-33).
     *
     * @param prefix of ids; empty for all
     * @param after continue after this id, the last one of the page before, which starts with the prefix; empty for the
     *     first page
     * @param limit at most so many; at least 1. A page may be shorter, and has 100 at most and about 1 MiB; see
     *     {@link DocumentPage#more()}
     * @param withContent whether to read them as well
     * @throws ValidationException if the limit is less than 1, or {@code after} does not start with the prefix
     */
    DocumentPage scan(String prefix, String after, int limit, boolean withContent);

    /**
     * All documents whose ids start with a prefix, as they were at one revision, however many pages they fill (B-33).
     * Holds up nobody: a watch tells what changes while the pages are read, and this is put in.
     *
     * @throws CompactedException if they change faster than they can be read; scan page by page instead
     */
    DocumentListing list(String prefix);
}
