package io.coordinator.client.internal.document;

import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.document.Edits;
import io.coordinator.document.JsonText;
import io.coordinator.document.Meter;
import io.coordinator.document.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Documents page by page, each page at a revision of its own, and then brought to one: by the changes since the first
 * page, up to the moment at which a watch has caught up.
 */
final class Listing {
    private static final int PAGE = 1_000;
    private static final int ATTEMPTS = 3;
    private static final Comparator<String> ORDER =
            Comparator.comparing(id -> id.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final DocumentCalls calls;
    private final Surroundings surroundings;
    private final String prefix;
    private final int attempt;
    private final Promise<DocumentListing> outcome;
    private final SortedMap<String, DocumentListing.Item> items = new TreeMap<>(ORDER);
    private long first;

    private Listing(
            DocumentCalls calls,
            Surroundings surroundings,
            String prefix,
            int attempt,
            Promise<DocumentListing> outcome) {
        this.calls = calls;
        this.surroundings = surroundings;
        this.prefix = prefix;
        this.attempt = attempt;
        this.outcome = outcome;
    }

    static Promise<DocumentListing> of(DocumentCalls calls, Surroundings surroundings, String prefix) {
        Promise<DocumentListing> outcome = calls.promises().reading().make();
        new Listing(calls, surroundings, prefix, 1, outcome).readAfter("");
        return outcome;
    }

    // ---- pages, one after the other ----

    private void readAfter(String id) {
        if (outcome.isDone()) {
            return; // Nobody waits for it any more.
        }
        var unused = calls.scan(prefix, id, PAGE, true).whenComplete((page, error) -> {
            if (error == null) {
                take(page);
            } else {
                outcome.fail(error);
            }
        });
    }

    private void take(DocumentPage page) {
        page.documents()
                .forEach(one -> items.put(
                        one.id(),
                        new DocumentListing.Item(
                                one.id(), one.info().revision(), one.content().orElseThrow())));
        first = first == 0 ? page.revision() : first;
        if (page.more()) {
            readAfter(items.lastKey());
        } else if (page.revision() == first) {
            outcome.succeed(listing(first));
        } else {
            catchUp(page.revision());
        }
    }

    private DocumentListing listing(long revision) {
        return new DocumentListing(new ArrayList<>(items.values()), revision);
    }

    // ---- what has changed meanwhile ----

    private void catchUp(long lastPage) {
        CatchUp changes = new CatchUp();
        WatchOptions options =
                WatchOptions.documentPrefix(prefix).namespace(calls.namespace()).fromRevision(first + 1);
        Subscription watch;
        try {
            watch = surroundings.watch(options, changes);
        } catch (CoordinatorException e) {
            outcome.fail(e);
            return;
        }
        var unused = changes.done
                .orTimeout(Times.nanos(calls.timeout()), TimeUnit.NANOSECONDS)
                .whenComplete((revision, error) -> {
                    watch.close();
                    if (error == null) {
                        caughtUp(changes.heard, revision, lastPage);
                    } else {
                        failed(error);
                    }
                });
    }

    private void caughtUp(List<ChangeEvent> heard, long revision, long lastPage) {
        if (revision < lastPage) {
            failed(new CompactedException(
                    "the watch was told of revision " + revision + " only, and the last page is of " + lastPage
                            + "; list again",
                    revision));
        } else {
            outcome.succeedBy(() -> {
                heard.forEach(this::apply);
                return listing(revision);
            });
        }
    }

    private void failed(Throwable why) {
        if (why instanceof CompactedException && attempt < ATTEMPTS) {
            new Listing(calls, surroundings, prefix, attempt + 1, outcome).readAfter("");
        } else if (why instanceof TimeoutException) {
            outcome.fail(new RequestTimeoutException(
                    "the changes of documents '" + prefix + "*' since revision " + (first + 1)
                            + " did not arrive in time; list again",
                    false,
                    null));
        } else {
            outcome.fail(why);
        }
    }

    /** What a page has already is not applied again. */
    private void apply(ChangeEvent event) {
        DocumentListing.Item old = items.get(event.key());
        if (old != null && event.revision() <= old.revision()) {
            return;
        }
        switch (event.kind()) {
            case PUT ->
                items.put(
                        event.key(),
                        new DocumentListing.Item(
                                event.key(), event.revision(), event.value().orElseThrow()));
            case EDITED -> {
                if (old != null) {
                    items.put(event.key(), edited(old, event));
                }
            }
            default -> items.remove(event.key());
        }
    }

    private DocumentListing.Item edited(DocumentListing.Item old, ChangeEvent event) {
        Value root = Outcomes.root(calls.json().write(old.content()));
        Edits.Result result = Edits.apply(
                root,
                PatchMessages.of(event.value().orElseThrow(), calls.json()),
                false,
                Integer.MAX_VALUE,
                Meter.UNMETERED);
        if (!(result instanceof Edits.Outcome outcome)) {
            throw new IllegalStateException("the cluster told of a change to more than it keeps: " + result);
        }
        return new DocumentListing.Item(old.id(), event.revision(), calls.json().read(JsonText.write(outcome.root())));
    }

    /** Collects changes until the present. */
    private static final class CatchUp implements WatchListener {
        private final List<ChangeEvent> heard = new ArrayList<>();
        private final Promise<Long> done = Promises.direct().make();

        @Override
        public void onChange(ChangeEvent event) {
            if (!done.isDone()) {
                heard.add(event);
            }
        }

        @Override
        public void onCaughtUp(long revision) {
            done.succeed(revision);
        }

        @Override
        public void onCompacted(long oldestRevision) {
            done.fail(new CompactedException(
                    "documents changed faster than they could be listed; scan them page by page", oldestRevision));
        }

        @Override
        public void onError(CoordinatorException error) {
            done.fail(error);
        }
    }
}
