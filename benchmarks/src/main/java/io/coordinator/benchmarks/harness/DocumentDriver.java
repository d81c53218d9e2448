package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A client of a system that keeps documents, or whose users keep them in its keys. */
public interface DocumentDriver extends Driver {

    /** Makes every one of these documents hold a JSON text; returns when all is done. */
    void prepareDocuments(List<String> documents, String json, Duration timeout) throws Exception;

    /** Sets {@code a.b} of a document. */
    CompletionStage<Void> setInDocument(String document, long value);

    /** Appends to {@code list} of a document and takes the first element away, in one step. */
    CompletionStage<Void> pushInDocument(String document, long value);

    /**
     * Reads {@code n} of two documents, and writes one less and one more, in one step and only if nobody else did
     * meanwhile.
     */
    CompletionStage<Void> moveBetweenDocuments(String from, String to);
}
