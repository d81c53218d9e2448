package io.coordinator.client.document;

import io.coordinator.client.error.ValidationException;
import java.util.concurrent.CompletionStage;

/**
 * {@link Documents} with stages instead of blocking calls.
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

    /** See {@link Documents#handle}. */
    AsyncDocument handle(String id);

    /** See {@link Documents#scan(String, String, int, boolean)}. */
    CompletionStage<DocumentPage> scan(String prefix, String after, int limit, boolean withContent);
}
