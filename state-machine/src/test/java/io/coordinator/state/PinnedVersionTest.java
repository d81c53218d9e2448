package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.AdvanceVersion;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/**
 * A node that takes part in an older core version than its code has refuses what a release of that version refuses.
 * That it stops at each newer field is shown by {@code VersionGateTest}.
 */
@Feature({"B-29", "PM-CONN-19"})
class PinnedVersionTest {
    private static final int OLD = 1;

    private final Coordinator pinned = new Coordinator(Limits.DEFAULT.withVersionMax(OLD));
    private final Coordinator newest = new Coordinator(Limits.DEFAULT);

    @Test
    void itStopsWhereTheVersionIsRaisedAndSaysWhichIsNeeded() {
        Entry raise =
                Entry.newBuilder().addCommands(advance(Coordinator.VERSION)).build();
        assertThatThrownBy(() -> pinned.apply(1, raise))
                .isInstanceOf(UnknownCommandException.class)
                .hasMessageContaining("log entry 1 holds core version " + Coordinator.VERSION)
                .hasMessageContaining("up to " + OLD)
                .hasMessageContaining("version-max");
        assertThat(newest.apply(1, raise)
                        .replies()
                        .get(0)
                        .getSession()
                        .getAdvanced()
                        .getVersion())
                .isEqualTo(Coordinator.VERSION);
    }

    @Test
    void itProposesNothingNewer() {
        assertThat(pinned.refuse(advance(Coordinator.VERSION)))
                .hasValueSatisfying(error -> assertThat(error.getCode()).isEqualTo(ErrorCode.EINVAL));
        assertThat(newest.refuse(advance(Coordinator.VERSION))).isEmpty();
    }

    @Test
    void itLoadsNoNewerSnapshotAndSaysWhichReleaseWroteIt() throws CorruptStateException {
        SnapshotHeader old = newest.capture().header();
        assertThat(restore(OLD, old).digest()).isEqualTo(newest.digest());
        newest.apply(
                1, Entry.newBuilder().addCommands(advance(Coordinator.VERSION)).build());
        SnapshotHeader raised = newest.capture().header();
        assertThat(restore(Coordinator.VERSION, raised).activeVersion()).isEqualTo(Coordinator.VERSION);
        assertThatThrownBy(
                        () -> restore(OLD, raised.toBuilder().setRelease("7.0").build()))
                .isInstanceOf(NewerVersionException.class)
                .hasMessageContaining("core version " + Coordinator.VERSION)
                .hasMessageContaining("release 7.0")
                .hasMessageContaining("version-max");
    }

    @Test
    void thereIsNoVersionBeyondWhatTheCodeKnows() {
        for (int unknown : new int[] {0, Coordinator.VERSION + 1}) {
            assertThatThrownBy(() -> Limits.DEFAULT.withVersionMax(unknown))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("versionMax is " + unknown);
        }
    }

    private static Coordinator restore(int versionMax, SnapshotHeader header) throws CorruptStateException {
        return Coordinator.restore(Limits.DEFAULT.withVersionMax(versionMax), header, visitor -> {});
    }

    private static Command advance(int version) {
        return Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setAdvanceVersion(AdvanceVersion.newBuilder().setVersion(version)))
                .build();
    }
}
