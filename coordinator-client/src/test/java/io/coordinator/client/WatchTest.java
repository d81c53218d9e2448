package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTest extends ClientFixture {
    private final List<Long> revisions = new CopyOnWriteArrayList<>();

    @Test
    void changesArriveInOrderWithTheirValues() {
        List<ChangeEvent> events = new CopyOnWriteArrayList<>();
        Subscription watch = connect().watch(WatchOptions.cachePrefix("a"), events::add);
        started(watch);

        node.send(changes(1, 5, 6));

        soon().until(() -> events.size() == 2);
        assertThat(events.get(0).revision()).isEqualTo(5);
        assertThat(events.get(0).kind()).isEqualTo(ChangeEvent.Kind.PUT);
        assertThat(events.get(0).value().orElseThrow().asInt()).isEqualTo(5);
        assertThat(watch.lastRevision()).isEqualTo(6);
        assertThat(starts()).singleElement().satisfies(start -> {
            assertThat(start.getPrefix()).isTrue();
            assertThat(start.getKey()).isEqualTo("a");
            assertThat(start.getNamespace()).isEqualTo("default");
        });
    }

    @Test
    void everyTypeOfDataCanBeWatchedUnderItsNameOnTheWire() {
        // Calls make no changes: they are gone when they are done. Members are no data of clients.
        List<String> onTheWire = Stream.of(DataKind.values())
                .filter(kind -> kind != DataKind.UNRECOGNIZED && kind != DataKind.RPC && kind != DataKind.CLUSTER)
                .filter(kind -> kind.getNumber() > DataKind.SESSION_VALUE)
                .map(Enum::name)
                .toList();
        assertThat(ChangeEvent.Data.values()).extracting(Enum::name).containsExactlyElementsOf(onTheWire);
        for (ChangeEvent.Data data : ChangeEvent.Data.values()) {
            watch(WatchOptions.key(data, "a"));
            watch(WatchOptions.prefix(data, ""));
        }

        soon().until(() -> starts().size() == 2 * onTheWire.size());
        assertThat(starts().stream()
                        .filter(start -> !start.getPrefix())
                        .map(start -> start.getData().name()))
                .containsExactlyElementsOf(onTheWire);
        assertThat(starts().stream()
                        .filter(StartWatch::getPrefix)
                        .map(start -> start.getData().name()))
                .containsExactlyElementsOf(onTheWire);
    }

    @Test
    void watchGoesOnAfterTheLastRevisionOnTheNextStream() {
        started(watch(WatchOptions.cacheKey("a").fromRevision(3)));
        node.send(changes(1, 5, 9));
        soon().until(() -> revisions.size() == 2);

        node.dropStreams();
        soon().until(() -> starts().size() == 2);

        assertThat(starts()).extracting(StartWatch::getFromRevision).containsExactly(3L, 10L);
    }

    @Test
    void watchWithoutChangesGoesOnAfterItsStart() {
        node.answerWatches(start -> WatchUpdate.newBuilder().setStarted(true).setRevision(41));
        assertThat(started(watch(WatchOptions.cacheKey("a")))).isEqualTo(41);

        node.dropStreams();
        soon().until(() -> starts().size() == 2);

        assertThat(starts()).extracting(StartWatch::getFromRevision).containsExactly(0L, 42L);
    }

    @Test
    void compactionEndsTheWatch() {
        node.answerWatches(start -> WatchUpdate.newBuilder()
                .setEnded(Error.newBuilder().setCode(ErrorCode.ECOMPACTED).setOldestRevision(77)));
        CompletableFuture<Long> oldest = new CompletableFuture<>();
        Subscription watch = connect().watch(WatchOptions.cacheKey("a").fromRevision(1), new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {}

            @Override
            public void onCompacted(long oldestRevision) {
                oldest.complete(oldestRevision);
            }
        });

        long told = get(oldest);

        assertThat(told).isEqualTo(77);
        assertThat(watch.isActive()).isFalse();
        assertThatThrownBy(() -> started(watch)).isInstanceOf(CompactedException.class);
    }

    @ParameterizedTest
    @CsvSource({"4, 149", "2, 150", "2, 1000", "1, 0"})
    @Feature("C-52")
    void aWatchEndsIfTheClusterHasLostWhatItHasSeen(long term, long revision) {
        node.leads(3, 100);
        CompletableFuture<Long> oldest = new CompletableFuture<>();
        Subscription watch = connect().watch(WatchOptions.cacheKey("a"), new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {
                revisions.add(event.revision());
            }

            @Override
            public void onCompacted(long oldestRevision) {
                oldest.complete(oldestRevision);
            }
        });
        started(watch);
        node.send(changes(1, 150));
        soon().until(() -> revisions.size() == 1);

        node.leads(term, revision);
        node.dropStreams();

        assertThat(get(oldest)).isEqualTo(revision + 1);
        assertThat(watch.isActive()).isFalse();
        assertThat(watch.isCurrent()).isFalse();
        assertThat(starts()).hasSize(1);
    }

    @Test
    @Feature("C-52")
    void whatOnlyAUserExpectsWasNotSeen() {
        node.leads(3, 100);
        started(watch(WatchOptions.cacheKey("a").fromRevision(1_000)));

        node.leads(4, 100);
        node.dropStreams();
        soon().until(() -> starts().size() == 2);

        assertThat(starts()).extracting(StartWatch::getFromRevision).containsExactly(1_000L, 1_000L);
    }

    @Test
    @Feature("C-52")
    void aNewWatchBeginsInTheRestoredClusterAndIsNotEndedAgain() {
        node.leads(3, 100);
        CoordinatorClient client = connect();
        node.leads(1, 10);
        node.dropStreams();
        soon().until(() -> node.hellos().size() == 3); // the second finds out, the third has a new session
        started(client.watch(WatchOptions.cacheKey("a"), event -> revisions.add(event.revision())));
        node.send(changes(starts().get(0).getId(), 11));
        soon().until(() -> revisions.size() == 1);

        node.leads(2, 11);
        node.dropStreams();
        soon().until(() -> starts().size() == 2);

        assertThat(starts().get(1).getFromRevision()).isEqualTo(12);
    }

    @Test
    void slowWatchIsStartedAgainWhereItWas() {
        Subscription watch = watch(WatchOptions.cacheKey("a"));
        started(watch);
        node.send(changes(1, 5));
        node.send(ServerFrame.newBuilder()
                .addWatches(WatchUpdate.newBuilder()
                        .setId(1)
                        .setEnded(Error.newBuilder().setCode(ErrorCode.ESLOWCONSUMER)))
                .build());

        soon().until(() -> starts().size() == 2);

        assertThat(starts().get(1).getFromRevision()).isEqualTo(6);
        assertThat(watch.isActive()).isTrue();
    }

    @Test
    void changesForABlockedListenerWaitInTheCluster() {
        CompletableFuture<Boolean> unblock = new CompletableFuture<>();
        started(connect().watch(WatchOptions.cacheKey("a"), event -> {
            unblock.join();
            revisions.add(event.revision());
        }));

        node.send(changes(1, LongStream.rangeClosed(1, 5000).toArray()));
        soon().until(() -> node.frames().stream().anyMatch(frame -> frame.getStopWatchesCount() > 0));
        node.send(changes(1, 5001)); // on its way before the stop arrived; it will come again
        unblock.complete(true);
        soon().until(() -> starts().size() == 2);

        assertThat(starts().get(1).getFromRevision()).isEqualTo(5001);
        node.send(changes(2, 5001));
        soon().until(() -> revisions.size() == 5001);
        assertThat(revisions).isSorted();
    }

    @Test
    @Feature("C-28")
    void aPausedWatchStaysPausedWhenItsStreamBreaks() {
        comesOnceThough(node::dropStreams);
    }

    @Test
    @Feature("C-28")
    void aPausedWatchStaysPausedWhenTheLeaderHandsOver() {
        comesOnceThough(() -> node.goodbye(ErrorCode.ENOTLEADER, node.endpoint()));
    }

    /** A listener blocks, changes pile up, the stream ends, the listener goes on. */
    private void comesOnceThough(Runnable streamEnds) {
        CompletableFuture<Boolean> unblock = new CompletableFuture<>();
        CoordinatorClient client = connect();
        started(client.watch(WatchOptions.documentId("a"), event -> {
            unblock.join();
            revisions.add(event.revision());
        }));
        node.send(changes(1, LongStream.rangeClosed(1, 5000).toArray()));
        soon().until(this::isStopped);

        for (int i = 2; i < 5; i++) {
            int streams = i;
            streamEnds.run();
            soon().until(() -> node.hellos().size() == streams);
            client.ping(); // Behind whatever the new stream began with.
        }
        assertThat(starts()).hasSize(1);
        unblock.complete(true);
        soon().until(() -> starts().size() == 2);
        client.ping();

        assertThat(starts()).extracting(StartWatch::getFromRevision).containsExactly(0L, 5001L);
        node.send(changes(starts().get(1).getId(), 5001));
        soon().until(() -> revisions.contains(5001L));
        assertThat(revisions)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 5001).boxed().toList());
    }

    @Test
    @Feature("C-28")
    void aWatchThatEndsAsTooSlowWhileItIsPausedIsStartedOnce() {
        CompletableFuture<Boolean> unblock = new CompletableFuture<>();
        CoordinatorClient client = connect();
        started(client.watch(WatchOptions.cacheKey("a"), event -> unblock.join()));
        ServerFrame.Builder last = changes(1, LongStream.rangeClosed(1, 5000).toArray()).toBuilder();
        last.getWatchesBuilder(0).getEndedBuilder().setCode(ErrorCode.ESLOWCONSUMER);

        node.send(last.build());
        client.ping();
        client.ping(); // The first one may have left before the news was handled.
        assertThat(starts()).hasSize(1);
        unblock.complete(true);
        soon().until(() -> starts().size() == 2);
        client.ping();

        assertThat(starts()).extracting(StartWatch::getFromRevision).containsExactly(0L, 5001L);
    }

    /** What a subscriber does not want yet is fetched again later: from the next revision, so all of this one must be here. */
    @Test
    @Feature("C-28")
    void aPublisherNeverStopsInTheMiddleOfARevision() {
        CoordinatorClient client = connect();
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        client.changes(WatchOptions.cachePrefix("a")).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscribed.complete(subscription);
            }

            @Override
            public void onNext(ChangeEvent event) {
                revisions.add(event.revision());
            }

            @Override
            public void onError(Throwable error) {
                subscribed.obtrudeException(error);
            }

            @Override
            public void onComplete() {}
        });
        soon().until(() -> starts().size() == 1);
        List<Long> all = LongStream.rangeClosed(1, 1025)
                .mapToObj(revision -> Collections.nCopies(revision == 1024 ? 3 : 1, revision))
                .flatMap(List::stream)
                .toList();

        node.send(changes(1, all.stream().mapToLong(revision -> revision).toArray()));
        soon().until(this::isStopped);
        get(subscribed).request(Long.MAX_VALUE);
        soon().until(() -> starts().size() == 2);

        StartWatch again = starts().get(1);
        node.send(changes(
                again.getId(),
                LongStream.rangeClosed(again.getFromRevision(), 1025).toArray()));
        soon().until(() -> revisions.contains(1025L));
        assertThat(revisions).containsExactlyElementsOf(all);
    }

    private boolean isStopped() {
        return node.frames().stream().anyMatch(frame -> frame.getStopWatchesCount() > 0);
    }

    @Test
    @Feature({"S-58", "JC-L1-7"})
    void aWatchWhoseListenerHasNotHeardTheNewsIsNotCurrent() {
        CompletableFuture<Boolean> blocker = new CompletableFuture<>();
        Subscription watch = connect().watch(WatchOptions.cacheKey("a"), event -> {
            revisions.add(event.revision());
            blocker.join();
        });
        started(watch);
        node.send(ServerFrame.newBuilder()
                .addWatches(WatchUpdate.newBuilder().setId(1).setCaughtUp(true).setRevision(4))
                .build());
        soon().until(watch::isCurrent);
        node.send(changes(1, 5));
        soon().until(() -> revisions.size() == 1);
        assertThat(watch.isCurrent()).isFalse();
        blocker.complete(true);
        soon().until(watch::isCurrent);
    }

    @Test
    void closedWatchIsStoppedAndSilent() {
        CoordinatorClient client = connect();
        Subscription watch = client.watch(WatchOptions.cacheKey("a"), event -> revisions.add(event.revision()));
        started(watch);

        watch.close();
        watch.close();
        node.send(changes(1, 5));
        client.ping();

        assertThat(watch.isActive()).isFalse();
        assertThat(revisions).isEmpty();
        assertThat(node.frames().stream().flatMap(frame -> frame.getStopWatchesList().stream()))
                .containsExactly(1L);
    }

    @Test
    void closedClientEndsItsWatches() {
        CoordinatorClient client = connect();
        List<CoordinatorException> errors = new CopyOnWriteArrayList<>();
        Subscription watch = client.watch(WatchOptions.lockName("a"), new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {}

            @Override
            public void onError(CoordinatorException error) {
                errors.add(error);
            }
        });
        started(watch);

        client.close();

        soon().until(() -> errors.size() == 1);
        assertThat(errors).hasOnlyElementsOfType(ClosedException.class);
        assertThat(watch.isActive()).isFalse();
    }

    @Test
    void listenerThatThrowsHearsTheNextChanges() {
        started(connect().watch(WatchOptions.buildKey("a"), event -> {
            revisions.add(event.revision());
            throw new IllegalStateException("from the listener");
        }));

        node.send(changes(1, 5, 6));
        node.send(changes(1, 7));

        soon().untilAsserted(() -> assertThat(revisions).containsExactly(5L, 6L, 7L));
    }

    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, IOException.class, Throwable.class})
    @Feature("C-25")
    void listenerThatThrowsAnythingHearsTheNextChanges(Class<? extends Throwable> thrown) throws Exception {
        Throwable error = thrown.getDeclaredConstructor().newInstance();
        Subscription watch = connect().watch(WatchOptions.cacheKey("a"), new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {
                revisions.add(event.revision());
                WatchTest.<RuntimeException>sneaky(error);
            }

            @Override
            public void onStarted(long revision) {
                WatchTest.<RuntimeException>sneaky(error);
            }

            @Override
            public void onCaughtUp(long revision) {
                WatchTest.<RuntimeException>sneaky(error);
            }
        });
        started(watch);
        node.send(changes(1, LongStream.rangeClosed(1, 10).toArray()));
        for (long revision = 11; revision <= 20; revision++) {
            node.send(changes(1, revision));
        }
        node.send(ServerFrame.newBuilder()
                .addWatches(WatchUpdate.newBuilder().setId(1).setCaughtUp(true).setRevision(20))
                .build());

        soon().untilAsserted(() -> assertThat(revisions)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList()));
        soon().until(watch::isCurrent);
        assertThat(watch.isActive()).isTrue();
    }

    @Test
    @Feature("C-25")
    void valueThatCannotBeReadEndsTheWatchWithAnError() {
        CompletableFuture<CoordinatorException> told = new CompletableFuture<>();
        Subscription watch = connect().watch(WatchOptions.cacheKey("a"), new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {
                revisions.add(event.revision());
            }

            @Override
            public void onError(CoordinatorException error) {
                told.complete(error);
            }
        });
        started(watch);
        Change unreadable = Change.newBuilder()
                .setRevision(6)
                .setData(DataKind.CACHE)
                .setNamespace("default")
                .setKey("a")
                .setKind(ChangeKind.PUT)
                .setValue(ByteString.copyFromUtf8("{"))
                .build();
        node.send(changes(1, 5));
        node.send(ServerFrame.newBuilder()
                .addWatches(WatchUpdate.newBuilder().setId(1).addChanges(unreadable))
                .build());

        assertThat(get(told)).isInstanceOf(ValidationException.class);
        assertThat(watch.isActive()).isFalse();
        assertThat(revisions).containsExactly(5L);
    }

    @Test
    @Feature("C-26")
    void closedClientRefusesToWatch() {
        CoordinatorClient client = connect();
        client.close();
        assertThatThrownBy(() -> client.watch(WatchOptions.cacheKey("a"), event -> {}))
                .isInstanceOf(ClosedException.class);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler is to be fooled, as users' are
    private static <X extends Throwable> void sneaky(Throwable error) throws X {
        throw (X) error;
    }

    private Subscription watch(WatchOptions options) {
        return connect().watch(options, event -> revisions.add(event.revision()));
    }

    private static long started(Subscription watch) {
        return get(watch.started());
    }

    private List<StartWatch> starts() {
        return node.frames().stream()
                .flatMap(frame -> frame.getStartWatchesList().stream())
                .toList();
    }

    private static ServerFrame changes(long watch, long... revisions) {
        List<Change> changes = new ArrayList<>();
        for (long revision : revisions) {
            changes.add(Change.newBuilder()
                    .setRevision(revision)
                    .setData(DataKind.CACHE)
                    .setNamespace("default")
                    .setKey("a")
                    .setKind(ChangeKind.PUT)
                    .setValue(ByteString.copyFromUtf8(Long.toString(revision)))
                    .build());
        }
        return ServerFrame.newBuilder()
                .addWatches(WatchUpdate.newBuilder().setId(watch).addAllChanges(changes))
                .build();
    }
}
