package io.coordinator.state.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Counters;
import io.coordinator.state.kernel.RowVisitor;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.StoredKey;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Sessions with what they have not acknowledged, and what is derived from both. */
@Feature({"G-4", "G-5", "G-6"})
class SessionStoreTest {
    private static final long ENDLESS = Long.MAX_VALUE;

    private final Storage storage = new Storage();
    private final SharedValues shared = new SharedValues(storage);
    private final Sessions sessions = new Sessions(storage, shared);
    private final Counters counters = new Counters();
    /** What a snapshot has, by table and key. */
    private final TreeMap<String, byte[]> stored = new TreeMap<>();

    private Session open(String name) {
        OpenSession open = OpenSession.newBuilder()
                .setResumeToken(ByteString.copyFromUtf8("token of " + name))
                .setClientName(name)
                .setLeaseMillis(10_000)
                .build();
        return sessions.open(open, 1_000, counters);
    }

    private void reply(Session session, String message) {
        sessions.remember(session, Reply.newBuilder().setSeq(message.length()).build());
    }

    private void tell(Session session) {
        sessions.tell(session.id(), Event.newBuilder().setRequestSeq(5));
    }

    /** All that others can see, with the sums that are derived from it. */
    private List<Object> seen() {
        List<Object> seen = new ArrayList<>();
        for (Session session : sessions.all()) {
            seen.add(session.id() + session.clientName() + session.lastSeq() + " " + session.lastEvent());
            seen.add(sessions.pendingEvents(session.id(), 0, ENDLESS));
            for (long seq = 1; seq <= session.lastSeq(); seq++) {
                seen.add(String.valueOf(session.reply(seq)));
            }
        }
        seen.add(sessions.rows());
        seen.add(sessions.digest());
        seen.add(storage.usage().bytes());
        return seen;
    }

    @Test
    void aSessionIsFoundByItsIdAndByItsTokenUntilItEnds() {
        Session a = open("a");
        assertThat(open("a")).isSameAs(a);
        assertThat(sessions.isOpen(a.id())).isTrue();
        assertThat(sessions.clientName(a.id())).isEqualTo("a");
        assertThat(sessions.find(a.id())).isSameAs(a);
        assertThat(sessions.end(a.id())).isTrue();
        assertThat(sessions.end(a.id())).isFalse();
        assertThat(sessions.isOpen(a.id())).isFalse();
        assertThat(sessions.clientName(a.id())).isEmpty();
        assertThat(a.hasEnded()).isTrue();
        assertThat(open("a").id()).isNotEqualTo(a.id());
    }

    @Test
    void sessionsRepliesAndEventsAreRowsThatCount() {
        Session a = open("a");
        Session b = open("b");
        reply(a, "x");
        reply(a, "y");
        tell(a);
        tell(b);
        assertThat(sessions.rows()).isEqualTo(6);
        long heap = storage.usage().bytes();
        sessions.acknowledge(a, 1, 0);
        assertThat(sessions.rows()).isEqualTo(5);
        assertThat(storage.usage().bytes()).isLessThan(heap);
        sessions.acknowledge(a, 2, 1);
        assertThat(sessions.rows()).isEqualTo(3);
        sessions.end(b.id());
        assertThat(sessions.rows()).isEqualTo(1);
        sessions.end(a.id());
        assertThat(sessions.rows()).isZero();
        assertThat(sessions.digest()).isZero();
        assertThat(storage.usage().bytes()).isZero();
    }

    @Test
    void nothingIsKeptForASessionThatHasEnded() {
        Session a = open("a");
        sessions.end(a.id());
        reply(a, "x");
        assertThat(sessions.tell(a.id(), Event.newBuilder())).isNull();
        assertThat(sessions.rows()).isZero();
        assertThat(sessions.pendingEvents(a.id(), 0, ENDLESS)).isEmpty();
    }

    @Test
    @Feature("C-06")
    void eventsAreReadFromWhereTheClientIsAsManyAsFit() {
        Session a = open("a");
        for (int i = 0; i < 5; i++) {
            tell(a);
        }
        sessions.acknowledge(a, 0, 2);
        long size = sessions.pendingEvents(a.id(), 0, 1).get(0).getSerializedSize();
        assertThat(numbers(a, 0, ENDLESS)).containsExactly(3L, 4L, 5L);
        assertThat(numbers(a, 3, ENDLESS)).containsExactly(4L, 5L);
        assertThat(numbers(a, 5, ENDLESS)).isEmpty();
        assertThat(numbers(a, 0, 1)).containsExactly(3L);
        assertThat(numbers(a, 0, size)).containsExactly(3L);
        assertThat(numbers(a, 0, size + 1)).containsExactly(3L, 4L);
        assertThat(numbers(a, 0, 0)).isEmpty();
    }

    private List<Long> numbers(Session session, long after, long bytesMax) {
        return sessions.pendingEvents(session.id(), after, bytesMax).stream()
                .map(Event::getNumber)
                .toList();
    }

    @Test
    @Feature("R-24")
    void allIsAsItWasWhenChangesAreTakenBack() {
        Session a = open("a");
        Session b = open("b");
        reply(a, "x");
        tell(a);
        tell(b);
        List<Object> before = seen();
        Counters counted = counters.copy();
        storage.undo().open();
        Session c = open("c");
        tell(a);
        tell(c);
        sessions.end(b.id());
        assertThat(seen()).isNotEqualTo(before);
        storage.undo().takeBack();
        counters.backTo(counted);
        assertThat(seen()).isEqualTo(before);
        assertThat(b.hasEnded()).isFalse();
        assertThat(open("b")).isSameAs(b);
        assertThat(c.hasEnded()).isTrue();
        assertThat(open("c")).isNotSameAs(c);
    }

    @Test
    @Feature("C-06")
    void aSharedValueGoesWithTheLastSessionThatHasNotHeardIt() {
        Session a = open("a");
        Session b = open("b");
        shared.add(7, ByteString.copyFromUtf8("v"));
        sessions.tell(a.id(), Event.newBuilder().setValueId(7));
        sessions.tell(b.id(), Event.newBuilder().setValueId(7));
        assertThat(sessions.pendingEvents(a.id(), 0, ENDLESS))
                .extracting(event -> event.getValue().toStringUtf8())
                .containsExactly("v");
        sessions.acknowledge(a, 0, 1);
        assertThat(storage.rows()).isEqualTo(1);
        sessions.end(b.id());
        assertThat(storage.rows()).isZero();
    }

    @Test
    @Feature("G-15")
    void aSessionIsFullWhenTheRepliesItHasNotAcknowledgedTakeSoMuch() {
        Session a = open("a");
        assertThat(a.isFull(1)).isFalse();
        Reply reply = Reply.newBuilder().setSeq(1).build();
        sessions.remember(a, reply);
        assertThat(a.replyHeap()).isEqualTo(Session.heapOf(reply)).isEqualTo(200 + reply.getSerializedSize());
        assertThat(a.isFull(a.replyHeap())).isTrue();
        assertThat(a.isFull(a.replyHeap() + 1)).isFalse();
        long before = storage.usage().bytes();
        tell(a);
        assertThat(a.isFull(a.replyHeap() + 1)).as("events hold back nothing").isFalse();
        long eventBytes = sessions.pendingEvents(a.id(), 0, 1).get(0).getSerializedSize();
        assertThat(storage.usage().bytes() - before).isEqualTo(200 + eventBytes);
    }

    @Test
    @Feature("G-15")
    void aSessionIsFullWhenItHasNotAcknowledgedSoManyRepliesAndNeverByEvents() {
        Session replies = open("replies");
        Session events = open("events");
        for (int i = 1; i < Session.UNACKNOWLEDGED_MAX; i++) {
            reply(replies, "x");
            tell(events);
        }
        assertThat(replies.isFull(ENDLESS)).isFalse();
        reply(replies, "x");
        tell(events);
        assertThat(replies.isFull(ENDLESS)).isTrue();
        assertThat(events.isFull(ENDLESS)).isFalse();
    }

    private static Event.Builder locks(String name) {
        return Event.newBuilder().setLock(LockEvent.newBuilder().addNames(name));
    }

    private static Event.Builder builds(long valueId) {
        return Event.newBuilder().setValueId(valueId).setBuild(BuildEvent.getDefaultInstance());
    }

    /** Events of locks and builds that a session has not acknowledged, and their bytes. */
    private List<Long> unheard(Session session) {
        return List.of(
                (long) sessions.eventsUnheard(session.id(), DataKind.LOCK),
                sessions.eventBytesUnheard(session.id(), DataKind.LOCK),
                (long) sessions.eventsUnheard(session.id(), DataKind.BUILD),
                sessions.eventBytesUnheard(session.id(), DataKind.BUILD));
    }

    private long bytes(Session session, long number) {
        return sessions.pendingEvents(session.id(), number - 1, 1).get(0).getSerializedSize();
    }

    @Test
    @Feature({"C-06", "R-24"})
    void whatEachKindHasToldIsCountedUntilItIsAcknowledgedOrTakenBack() {
        Session a = open("a");
        shared.add(7, ByteString.copyFromUtf8("v".repeat(1_000)));
        sessions.tell(a.id(), locks("x"));
        sessions.tell(a.id(), builds(7));
        sessions.tell(a.id(), locks("long name"));
        List<Long> three = unheard(a);
        assertThat(three.get(0)).isEqualTo(2);
        assertThat(three.get(1)).isEqualTo(bytes(a, 1) + bytes(a, 3));
        assertThat(three.get(2)).isEqualTo(1);
        assertThat(three.get(3)).as("with the value that it names").isBetween(1_000L, bytes(a, 2) + 8);

        storage.undo().open();
        shared.add(8, ByteString.copyFromUtf8("w".repeat(1_000)));
        sessions.tell(a.id(), builds(8));
        sessions.tell(a.id(), locks("y"));
        assertThat(unheard(a).get(0)).isEqualTo(3);
        assertThat(unheard(a).get(3)).isGreaterThan(2_000);
        storage.undo().takeBack();
        assertThat(unheard(a)).isEqualTo(three);

        sessions.acknowledge(a, 0, 2);
        assertThat(unheard(a)).containsExactly(1L, bytes(a, 3), 0L, 0L);
        sessions.end(a.id());
        assertThat(unheard(a)).containsExactly(0L, 0L, 0L, 0L);
    }

    /** Writes what has changed, as a snapshot does; returns how many rows that were. */
    private int save() {
        int[] visited = {0};
        Sessions.Capture capture = sessions.capture();
        capture.forEach(new RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                visited[0]++;
                stored.put(StoredKey.table(key) + StoredKey.key(key), value);
            }

            @Override
            public void delete(byte[] key) {
                visited[0]++;
                assertThat(stored.remove(StoredKey.table(key) + StoredKey.key(key)))
                        .as("a row that is there")
                        .isNotNull();
            }
        });
        assertThat(visited[0]).isLessThanOrEqualTo(capture.size());
        return visited[0];
    }

    private SessionStoreTest restored() throws InvalidProtocolBufferException {
        SessionStoreTest restored = new SessionStoreTest();
        for (var row : stored.entrySet()) {
            int table = row.getKey().charAt(0) - '0';
            byte[] key =
                    StoredKey.encode(DataKind.SESSION_VALUE, table, row.getKey().substring(1));
            assertThat(restored.sessions.load(key, row.getValue())).isTrue();
        }
        restored.sessions.finishLoading();
        return restored;
    }

    @Test
    @Feature("G-12")
    void whatHasChangedIsStoredAndIsTheSameAfterARestart() throws InvalidProtocolBufferException {
        Session a = open("a");
        Session b = open("b");
        reply(a, "x");
        tell(a);
        tell(b);
        assertThat(save()).isEqualTo(5);
        assertThat(restored().seen()).isEqualTo(seen());
        assertThat(save()).as("nothing has changed").isZero();

        reply(a, "yy");
        tell(a);
        sessions.acknowledge(a, 1, 1);
        assertThat(sessions.dirtyRows()).isEqualTo(1);
        assertThat(save()).isEqualTo(1 + 2 + 2);
        assertThat(restored().seen()).isEqualTo(seen());

        sessions.end(b.id());
        Session short1 = open("comes and goes");
        reply(short1, "z");
        sessions.end(short1.id());
        save();
        assertThat(restored().seen()).isEqualTo(seen());
        sessions.end(a.id());
        save();
        assertThat(stored).isEmpty();
    }

    @Test
    @Feature({"G-12", "C-06"})
    void aSharedValueIsReferredToAfterARestart() throws InvalidProtocolBufferException {
        Session a = open("a");
        ByteString value = ByteString.copyFromUtf8("v");
        shared.add(7, value);
        sessions.tell(a.id(), Event.newBuilder().setValueId(7));
        save();
        SessionStoreTest restored = restored();
        restored.shared.add(7, value);
        restored.shared.dropUnused(7);
        assertThat(restored.shared.get(7)).isEqualTo(value);
        restored.sessions.end(a.id());
        assertThat(restored.storage.rows()).isZero();
    }

    @Test
    @Feature("G-12")
    void theDigestTellsApartWhatDiffers() {
        Session a = open("a");
        List<Long> digests = new ArrayList<>(List.of(sessions.digest()));
        reply(a, "x");
        digests.add(sessions.digest());
        tell(a);
        digests.add(sessions.digest());
        sessions.acknowledge(a, 1, 0);
        digests.add(sessions.digest());
        sessions.acknowledge(a, 1, 1);
        digests.add(sessions.digest());
        assertThat(digests).doesNotHaveDuplicates();
    }
}
