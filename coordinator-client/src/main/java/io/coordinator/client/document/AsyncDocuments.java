package io.coordinator.client.document;

import io.coordinator.client.error.ValidationException;
import java.util.concurrent.CompletionStage;

/**
 * {@link Documents} with stages instead of blocking calls. Mirrors of files are only there: what keeps one equal to a
 * document is a watch, and the calls of the file system block.
 *
 * <p>{@link #handle} throws {@link ValidationException} at once if the id is bad; the others give it by the stage.
 */
public interface AsyncDocuments {
    /** See {@link Documents#namespace}. */
    String namespace();

    /** See {@link Documents#open(String)}. */
    CompletionStage<AsyncDocument> open(String id);

    /** See {@link Documents#open(String, OpenOptions)}. */
    CompletionStage<AsyncDocument> open(String id, OpenOptions options);

    /**
     * See {@link Documents#open(String, Class, Object)}.
     *
     * @param id a <a href="../package-summary.html#names">name</a>
     */
    <T> CompletionStage<AsyncTypedDocument<T>> open(String id, Class<T> type, T initial);

    /** See {@link Documents#handle}. */
    AsyncDocument handle(String id);

    /** See {@link Documents#scan(String, String, int, boolean)}. */
    CompletionStage<DocumentPage> scan(String prefix, String after, int limit, boolean withContent);

    /** See {@link Documents#scan(String)}. */
    default CompletionStage<DocumentPage> scan(String prefix) {
        return scan(prefix, "", 100, false);
    }

    /** See {@link Documents#list}. */
    CompletionStage<DocumentListing> list(String prefix);
}
