package io.coordinator.client.internal.document;

import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
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
    private final SortedMap<String, DocumentListing.Item> items = new TreeMap<>(ORDER);

    private Listing(DocumentCalls calls, Surroundings surroundings, String prefix) {
        this.calls = calls;
        this.surroundings = surroundings;
        this.prefix = prefix;
    }

    static DocumentListing of(DocumentCalls calls, Surroundings surroundings, String prefix) {
        for (int attempt = 1; ; attempt++) {
            try {
                Listing listing = new Listing(calls, surroundings, prefix);
                long revision = listing.read();
                return new DocumentListing(new ArrayList<>(listing.items.values()), revision);
            } catch (CompactedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Reads all, and answers the revision at which it was so. */
    private long read() {
        DocumentPage page = page("");
        long first = page.revision();
        while (page.more()) {
            page = page(items.lastKey());
        }
        if (page.revision() == first) {
            return first;
        }
        long revision = catchUp(first + 1);
        if (revision < page.revision()) {
            throw new CompactedException(
                    "the watch was told of revision " + revision + " only, and the last page is of " + page.revision()
                            + "; list again",
                    revision);
        }
        return revision;
    }

    private DocumentPage page(String after) {
        DocumentPage page = Await.result(calls.scan(prefix, after, PAGE, true));
        page.documents()
                .forEach(one -> items.put(
                        one.id(),
                        new DocumentListing.Item(
                                one.id(), one.info().revision(), one.content().orElseThrow())));
        return page;
    }

    /** Puts in what has changed since a revision, and answers the one that this leads to. */
    private long catchUp(long from) {
        CatchUp changes = new CatchUp();
        WatchOptions options =
                WatchOptions.documentPrefix(prefix).namespace(calls.namespace()).fromRevision(from);
        try (Subscription watch = surroundings.watch(options, changes)) {
            if (!Await.briefly(changes.done, calls.timeout())) {
                throw new RequestTimeoutException(
                        "the changes of documents '" + prefix + "*' since revision " + from
                                + " did not arrive in time; list again",
                        false,
                        null);
            }
        }
        long revision = Await.result(changes.done);
        changes.heard.forEach(this::apply);
        return revision;
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
