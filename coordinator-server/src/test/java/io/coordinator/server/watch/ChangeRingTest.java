package io.coordinator.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Change;
import org.junit.jupiter.api.Test;

class ChangeRingTest {
    @Test
    void growsToItsBoundAndDropsTheOldest() {
        ChangeRing ring = new ChangeRing(1_000, Long.MAX_VALUE, 70, 7);
        assertThat(ring.floorRevision()).isEqualTo(7);
        assertThat(ring.floorPosition()).isEqualTo(70);
        for (int i = 0; i < 2_500; i++) {
            ring.add(70 + 10 * i, change(8 + i, 1));
        }

        assertThat(ring.next()).isEqualTo(2_500);
        assertThat(ring.first()).isEqualTo(1_500);
        assertThat(ring.get(1_500).getRevision()).isEqualTo(1_508);
        assertThat(ring.floorRevision()).isEqualTo(1_507);
        assertThat(ring.floorPosition()).isEqualTo(70 + 14_990 + 1);
        assertThat(ring.indexOfRevision(1_600)).isEqualTo(1_592);
        assertThat(ring.indexOfRevision(9_999)).isEqualTo(2_500);
        assertThat(ring.position(1_592)).isEqualTo(70 + 15_920);
        assertThat(ring.indexOf(70 + 15_920)).isEqualTo(1_592);
        assertThat(ring.indexOf(70 + 15_911)).isEqualTo(1_592);
        assertThat(ring.indexOf(99_999)).isEqualTo(2_500);
    }

    @Test
    void whoHasSeenAllBeforeItRestartedHasMissedSomething() {
        ChangeRing ring = new ChangeRing(1_000, Long.MAX_VALUE, 0, 0);
        ring.add(0, change(1, 100));
        long seen = ring.next();
        ring.restart(2, 50);

        assertThat(ring.first()).isGreaterThan(seen);
        assertThat(ring.next()).isEqualTo(ring.first());
        assertThat(ring.bytes()).isZero();
        assertThat(ring.floorPosition()).isEqualTo(2);
        assertThat(ring.floorRevision()).isEqualTo(50);
        ring.add(2, change(51, 100));
        assertThat(ring.get(ring.first()).getRevision()).isEqualTo(51);
    }

    @Test
    void isBoundedInBytesButKeepsTheNewest() {
        ChangeRing ring = new ChangeRing(1_000, 10_000, 0, 0);
        for (int i = 0; i < 100; i++) {
            ring.add(i, change(i + 1, 1_000));
        }
        assertThat(ring.bytes()).isBetween(8_000L, 10_000L);
        assertThat(ring.next() - ring.first())
                .as("each counts with its objects")
                .isEqualTo(8);

        ring.add(100, change(101, 50_000));
        assertThat(ring.next() - ring.first()).isEqualTo(1);
    }

    private static Change change(long revision, int bytes) {
        return Change.newBuilder()
                .setRevision(revision)
                .setValue(ByteString.copyFrom(new byte[bytes]))
                .build();
    }
}
