package io.coordinator.state.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.StoredKey;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session is put together from all of its rows, or not at all. */
@Feature({"G-5", "G-6"})
class SessionRowsTest {
    private static final long ID = 7;

    private final SessionRows rows = new SessionRows();
    /** Replies 3 to 5 and events 2 to 4, by table and number. */
    private final TreeMap<String, byte[]> stored = new TreeMap<>();

    @BeforeEach
    void store() {
        put(
                SessionRows.SESSIONS,
                SessionRows.key(SessionRows.SESSIONS, ID),
                SessionRecord.newBuilder()
                        .setSessionId(ID)
                        .setAckedSeq(2)
                        .setLastSeq(5)
                        .setAckedEvent(1)
                        .setLastEvent(4)
                        .build()
                        .toByteArray());
        for (long seq = 3; seq <= 5; seq++) {
            putReply(seq);
        }
        for (long number = 2; number <= 4; number++) {
            putEvent(number);
        }
    }

    private void put(int table, byte[] key, byte[] value) {
        stored.put(table + StoredKey.key(key), value);
    }

    private void putReply(long seq) {
        byte[] reply = Reply.newBuilder().setSeq(seq).build().toByteArray();
        put(SessionRows.REPLIES, SessionRows.key(SessionRows.REPLIES, ID, seq), reply);
    }

    private void putEvent(long number) {
        byte[] event = Event.newBuilder().setNumber(number).build().toByteArray();
        put(SessionRows.EVENTS, SessionRows.key(SessionRows.EVENTS, ID, number), event);
    }

    private void remove(int table, long number) {
        assertThat(stored.remove(table + StoredKey.key(SessionRows.key(table, ID, number))))
                .isNotNull();
    }

    private List<Session> load() throws InvalidProtocolBufferException {
        for (var row : stored.entrySet()) {
            int table = row.getKey().charAt(0) - '0';
            byte[] key =
                    StoredKey.encode(DataKind.SESSION_VALUE, table, row.getKey().substring(1));
            assertThat(rows.load(key, row.getValue())).isTrue();
        }
        return rows.assemble(new Fingerprint(), new SharedValues(new Storage()));
    }

    @Test
    void allThatIsUnacknowledgedIsThereAgain() throws InvalidProtocolBufferException {
        List<Session> sessions = load();
        assertThat(sessions).extracting(Session::id).containsExactly(ID);
        Session session = sessions.get(0);
        assertThat(session.lastSeq()).isEqualTo(5);
        assertThat(session.reply(2)).isNull();
        for (long seq = 3; seq <= 5; seq++) {
            assertThat(session.reply(seq))
                    .isEqualTo(Reply.newBuilder().setSeq(seq).build());
        }
        assertThat(session.mailbox().get(1)).isNull();
        for (long number = 2; number <= 4; number++) {
            assertThat(session.mailbox().get(number))
                    .isEqualTo(Event.newBuilder().setNumber(number).build());
        }
        assertThat(session.mailbox().acknowledged()).isEqualTo(1);
        assertThat(session.lastEvent()).isEqualTo(4);
        assertThat(rows.assemble(new Fingerprint(), new SharedValues(new Storage())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,3", "1,4", "1,5", "2,2", "2,3", "2,4"})
    void aRowThatIsMissingIsNoticed(int table, long number) {
        remove(table, number);
        assertThatThrownBy(this::load)
                .isInstanceOf(InvalidProtocolBufferException.class)
                .hasMessageContaining("session 7");
    }

    @ParameterizedTest
    @CsvSource({"3,2", "3,6", "5,2", "5,6"})
    void rowsOfOtherNumbersDoNotStandInForThoseThatAreMissing(long missing, long instead) {
        remove(SessionRows.REPLIES, missing);
        putReply(instead);
        assertThatThrownBy(this::load).isInstanceOf(InvalidProtocolBufferException.class);
    }

    @Test
    void aRowTooManyIsNoticed() {
        putEvent(5);
        assertThatThrownBy(this::load).isInstanceOf(InvalidProtocolBufferException.class);
    }

    @Test
    void repliesWithoutTheirSessionAreNoticed() {
        stored.remove(SessionRows.SESSIONS + StoredKey.key(SessionRows.key(SessionRows.SESSIONS, ID)));
        assertThatThrownBy(this::load).isInstanceOf(InvalidProtocolBufferException.class);
    }

    @Test
    void aRowComesOnce() throws InvalidProtocolBufferException {
        byte[] session = SessionRows.key(SessionRows.SESSIONS, ID);
        byte[] reply = SessionRows.key(SessionRows.REPLIES, ID, 1);
        byte[] event = SessionRows.key(SessionRows.EVENTS, ID, 1);
        for (byte[] key : List.of(session, reply, event)) {
            assertThat(rows.load(key, new byte[0])).isTrue();
            assertThat(rows.load(key, new byte[0])).isFalse();
        }
    }

    @Test
    void rowsOfOthersAreLeftToThem() throws InvalidProtocolBufferException {
        byte[] lock = StoredKey.encode(DataKind.LOCK_VALUE, SessionRows.REPLIES, "0".repeat(32));
        byte[] shared = StoredKey.encode(DataKind.SESSION_VALUE, SessionRows.EVENTS + 1, "0".repeat(16));
        assertThat(rows.load(lock, new byte[0])).isFalse();
        assertThat(rows.load(shared, new byte[0])).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 00", "1, 0000000000000007", "1, 0000000000000007xyz", "2, zz"})
    void aDamagedKeyIsNoticed(int table, String key) {
        byte[] damaged = StoredKey.encode(DataKind.SESSION_VALUE, table, key);
        assertThatThrownBy(() -> rows.load(damaged, new byte[0]))
                .isInstanceOf(InvalidProtocolBufferException.class)
                .hasMessageContaining("damaged");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void aDamagedRowIsNoticed(int table) {
        byte[] key = table == SessionRows.SESSIONS ? SessionRows.key(table, ID) : SessionRows.key(table, ID, 1);
        assertThatThrownBy(() -> rows.load(key, new byte[] {-1, -1, -1}))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }
}
