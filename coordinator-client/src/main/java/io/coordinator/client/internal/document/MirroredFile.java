package io.coordinator.client.internal.document;

import com.fasterxml.jackson.databind.util.RawValue;
import com.google.protobuf.ByteString;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.Documents;
import io.coordinator.client.document.FileMirror;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.document.JsonText;
import io.coordinator.protocol.GotDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a document into a file whenever a watch tells of a change. A change only says that there is something to read:
 * what is written is always the whole document as it is, in the cluster's own text.
 */
final class MirroredFile implements FileMirror, WatchListener {
    private static final Logger log = LoggerFactory.getLogger(MirroredFile.class);

    private final Document document;
    private final Path file;
    private final DocumentCalls calls;
    private final Surroundings surroundings;
    private volatile long written;
    /** What was missed is unknown: the next read counts, whatever its revision. */
    private volatile boolean resync;

    private volatile @Nullable Exception failure;
    private volatile boolean closed;
    private volatile @Nullable Subscription watch;

    private MirroredFile(Document document, Path file, DocumentCalls calls, Surroundings surroundings) {
        this.document = document;
        this.file = file;
        this.calls = calls;
        this.surroundings = surroundings;
    }

    /** Opens the document, writes the file and keeps on doing so. */
    static MirroredFile open(
            Documents documents, String id, Path path, DocumentCalls calls, Surroundings surroundings) {
        Path file = path.toAbsolutePath();
        try {
            Document document = documents.open(id, options(documents.handle(id), file));
            MirroredFile mirror = new MirroredFile(document, file, calls, surroundings);
            mirror.begin();
            return mirror;
        } catch (IOException e) {
            throw new UncheckedIOException("document '" + id + "' cannot be mirrored to " + file, e);
        }
    }

    private static OpenOptions options(Document handle, Path file) throws IOException {
        OpenOptions options = OpenOptions.defaults().file();
        // Edits make documents larger than what one can begin with, so the file of one that is there is not sent.
        if (!Files.exists(file) || handle.info().isPresent()) {
            return options;
        }
        ByteString text = ByteString.copyFrom(Files.readAllBytes(file));
        String problem = JsonText.problem(text);
        if (problem != null) {
            throw new ValidationException(
                    file + " is not JSON, so no document can begin with it: " + problem + "; mend it, or move it away");
        }
        return options.initialContent(new RawValue(text.toStringUtf8()));
    }

    private void begin() throws IOException {
        try {
            follow();
            refresh();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private void follow() {
        Subscription current =
                surroundings.watch(WatchOptions.documentId(document.id()).namespace(document.namespace()), this);
        watch = current;
        if (closed) {
            current.close();
        }
    }

    private synchronized void refresh() throws IOException {
        if (closed) {
            return;
        }
        GotDocument got = Await.result(calls.get(document.id(), Selector.root(), false, Function.identity()));
        if (got.getFound() && (resync || got.getInfo().getRevision() > written)) {
            FileContent.replace(file, got.getValue());
            written = got.getInfo().getRevision();
            resync = false;
        }
        failure = null;
    }

    private void refreshLater(String why) {
        try {
            refresh();
        } catch (IOException | RuntimeException e) {
            failure = e;
            Thrown.warn(log, "{}, but {} could not be written; trying again with the next change", why, file, e);
        }
    }

    // ---- what the watch tells ----

    @Override
    public void onChange(ChangeEvent event) {
        if (resync || event.revision() > written) {
            refreshLater(document + " changed");
        }
    }

    /** What was changed before the watch began, it does not tell; and what could not be written is tried again. */
    @Override
    public void onStarted(long revision) {
        refreshLater("The watch of " + document + " has begun");
    }

    @Override
    public void onCompacted(long oldestRevision) {
        resync = true;
        follow();
    }

    @Override
    public void onError(CoordinatorException error) {
        if (!closed) {
            failure = error;
            log.warn("{} is no longer kept equal to {}", file, document, error);
        }
    }

    // ---- what user code sees ----

    @Override
    public Document document() {
        return document;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public long revision() {
        return written;
    }

    @Override
    public Optional<Exception> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        closed = true;
        Subscription current = watch;
        if (current != null) {
            current.close();
        }
    }
}
