package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Reply;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SnapshotTest extends Script {
    private final Store store = new Store();

    @Test
    void aCaptureHoldsWhatHasChangedSinceTheLast() {
        session("a").put("k", "1");
        session("a").put("l", "1");
        assertThat(core().dirtyRows()).isEqualTo(3);
        store.save(core());
        assertThat(core().dirtyRows()).isZero();
        assertThat(store.rows()).hasSize(5); // Two values, the session, and its two replies.

        session("a").put("k", "2");
        session("a").put("k", "3");
        session("a").delete("l");
        assertThat(core().dirtyRows()).isEqualTo(3);
        assertThat(core().capture().size()).isEqualTo(6);
        assertThat(core().capture().size()).isZero();
    }

    @Test
    void aRowThatGoesAndComesBackIsVisitedOnce() {
        session("a").put("k", "1");
        session("a").delete("k");
        session("a").put("k", "2");
        session("a").delete("k");
        session("a").put("k", "3");
        assertThat(core().capture().size()).isEqualTo(1 + 1 + 5);
        session("a").delete("k");
        assertThat(core().capture().size()).isEqualTo(1 + 1 + 1);
    }

    @Test
    void aCaptureIsFrozen() {
        session("a").put("k", "1");
        StateCapture capture = core().capture();
        long digest = core().digest();
        session("a").put("k", "2");
        session("a").close();

        Map<ByteString, byte[]> rows = new HashMap<>();
        capture.forEach(new StateCapture.RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                rows.put(ByteString.copyFrom(key), value);
            }

            @Override
            public void delete(byte[] key) {
                rows.remove(ByteString.copyFrom(key));
            }
        });

        assertThat(capture.header().getDigest()).isEqualTo(digest);
        assertThat(rows).hasSize(3);
    }

    @Test
    @Feature({"G-5", "S-47"})
    void repliesSurviveARestore() {
        Reply reply = session("a").increment("n", 5).reply();
        Coordinator restored = store.save(core()).load();
        var again = Entry.newBuilder().addCommands(session("a").sent()).build();
        assertThat(restored.apply(index() + 1, again).replies()).containsExactly(reply);
        assertThat(restored.revision()).isEqualTo(core().revision());
    }

    @Test
    @Feature({"S-36", "PM-FENCE-8", "G-8"})
    void tokensAndSessionsNeverComeAgainAfterARestore() {
        long token = session("a").acquire("x").token();
        session("a").release("x", token);
        session("a").close();
        store.save(core());
        // The bar that the ended grant has left to monotonic fences.
        assertThat(store.rows()).hasSize(1);
        assertThat(store.header().getLastToken()).isEqualTo(token);
        assertThat(store.header().getLastSessionId()).isEqualTo(session("a").id());
        assertThat(session("b").acquire("x").token()).isGreaterThan(token);
    }

    /** Which one that is follows from the rows, so a replica that comes back must come to the same. */
    @Test
    @Tag("slow")
    @Feature({"G-12", "A-01", "PM-FENCE-5"})
    void theLockThatIsForgottenFirstIsTheSameAfterARestart() {
        withoutShadow();
        int locks = 0;
        for (int set = 0; locks <= 100_000; set++) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                names.add("lock " + set + " " + i);
            }
            long token = session("a").acquire(names, AcquireLock.newBuilder()).token();
            session("a").release(names, token);
            locks += names.size();
        }
        Coordinator restored = store.save(core()).load();
        long token = session("a").acquire("x").token();
        restored.apply(index(), lastEntry());
        session("a").release("x", token);
        restored.apply(index(), lastEntry());
        assertThat(restored.digest()).isEqualTo(core().digest());
    }

    @Test
    void aMissingRowIsNoticed() {
        fill();
        store.rows().remove(store.rows().keySet().iterator().next());
        assertThatThrownBy(store::tryLoad)
                .isInstanceOf(CorruptStateException.class)
                .hasMessageContaining("rows");
    }

    @Test
    void aChangedByteIsNoticed() {
        fill();
        store.rows().forEach((key, value) -> {
            value[value.length - 1] ^= 1;
            assertThatThrownBy(store::tryLoad).as("row %s", key).isInstanceOf(CorruptStateException.class);
            value[value.length - 1] ^= 1;
        });
        assertThat(store.load().digest()).isEqualTo(core().digest());
    }

    @Test
    void aRowUnderAnotherKeyIsNoticed() {
        fill();
        ByteString key = store.rows().keySet().stream()
                .filter(k -> k.endsWith(ByteString.copyFromUtf8("k")))
                .findFirst()
                .orElseThrow();
        byte[] value = store.rows().remove(key);
        store.rows().put(key.concat(ByteString.copyFromUtf8("2")), value);
        assertThatThrownBy(store::tryLoad)
                .isInstanceOf(CorruptStateException.class)
                .hasMessageContaining("digest");
    }

    @Test
    void aChangedHeaderIsNoticed() {
        fill();
        store.header(store.header().toBuilder().setLastToken(99).build());
        assertThatThrownBy(store::tryLoad)
                .isInstanceOf(CorruptStateException.class)
                .hasMessageContaining("digest");
    }

    @Test
    void aSnapshotOfANewerVersionIsRefused() {
        fill();
        store.header(store.header().toBuilder()
                .setActiveVersion(Coordinator.VERSION + 1)
                .setRelease("9.9")
                .build());
        assertThatThrownBy(store::tryLoad)
                .isInstanceOf(NewerVersionException.class)
                .hasMessageContaining("release 9.9")
                .hasMessageContaining("upgrade this node");
    }

    @Test
    void aRowOfAnUnknownTableIsRefused() {
        fill();
        store.rows().put(ByteString.copyFrom(new byte[] {99, 0, 1}), new byte[0]);
        assertThatThrownBy(store::tryLoad)
                .isInstanceOf(CorruptStateException.class)
                .hasMessageContaining("kind 99");
    }

    @Test
    void aTruncatedKeyIsRefused() {
        fill();
        store.rows().put(ByteString.copyFrom(new byte[] {12}), new byte[0]);
        assertThatThrownBy(store::tryLoad).isInstanceOf(CorruptStateException.class);
    }

    private void fill() {
        session("a").put("k", "1", 5_000, false);
        session("a").acquire("x");
        session("b").acquire("x", 0, -1);
        session("a").reserve("b", 1_000, 0);
        session("b").reserve("b", 1_000, -1);
        store.save(core());
        assertThat(store.rows()).hasSize(12);
    }
}
