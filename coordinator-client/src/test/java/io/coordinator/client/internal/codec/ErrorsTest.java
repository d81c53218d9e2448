package io.coordinator.client.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CounterOverflowException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockReentryException;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.option.Guard;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Feature("G-14")
class ErrorsTest {
    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
    @Feature("PM-FENCE-9")
    void everyCodeKeepsItsNameOrIsUnexpected(ErrorCode code) {
        CoordinatorException exception =
                Errors.of(Error.newBuilder().setCode(code).setMessage("why").build());

        assertThat(exception.getMessage()).contains("why");
        Set<String> known = Set.of(Arrays.stream(io.coordinator.client.error.ErrorCode.values())
                .map(Enum::name)
                .toArray(String[]::new));
        if (code == ErrorCode.ENOTLEADER) {
            assertThat(exception.code()).isEqualTo(io.coordinator.client.error.ErrorCode.ENOLEADER);
        } else if (known.contains(code.name())) {
            assertThat(exception.code().name()).isEqualTo(code.name());
        } else {
            assertThat(exception).isInstanceOf(ServerException.class);
        }
    }

    @Test
    void codeFromANewerClusterIsUnexpectedNotAbug() {
        assertThat(Errors.of(Error.newBuilder().setCodeValue(9999).build()).code())
                .isEqualTo(io.coordinator.client.error.ErrorCode.EBROKER);
    }

    @Test
    @Feature("PM-LOCK-7")
    void aLockThatIsEnteredTooOftenIsNoCounter() {
        Error overflow = Error.newBuilder()
                .setCode(ErrorCode.EOVERFLOW)
                .setMessage("entered 1001 times already")
                .build();
        Command.Builder entering = Command.newBuilder();
        entering.getLockBuilder().getAcquireBuilder().setReentrant(true);
        Command.Builder counting = Command.newBuilder();
        counting.getCacheBuilder().getIncrementBuilder().setBy(1);

        assertThat(Errors.of(overflow, entering))
                .isInstanceOf(LockReentryException.class)
                .hasMessage("EOVERFLOW: entered 1001 times already");
        assertThat(Errors.of(overflow, counting)).isInstanceOf(CounterOverflowException.class);
        assertThat(Errors.of(overflow)).isInstanceOf(CounterOverflowException.class);
    }

    @Test
    void detailsSurvive() {
        Command.Builder guarded = Command.newBuilder();
        Errors.setGuard(guarded, new Guard("ns", "lock", 7));
        Error fenced =
                Error.newBuilder().setCode(ErrorCode.EFENCED).setCurrentToken(9).build();

        assertThat(Errors.of(fenced, guarded)).isInstanceOfSatisfying(FencedException.class, e -> {
            assertThat(e.namespace()).isEqualTo("ns");
            assertThat(e.lock()).isEqualTo("lock");
            assertThat(e.presentedToken()).isEqualTo(7);
            assertThat(e.currentToken()).isEqualTo(9);
        });
        assertThat(Errors.of(Error.newBuilder()
                        .setCode(ErrorCode.EBUSY)
                        .setRetryAfterMillis(250)
                        .build()))
                .isInstanceOfSatisfying(
                        ThrottledException.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofMillis(250)));
        assertThat(Errors.of(Error.newBuilder()
                        .setCode(ErrorCode.ECOMPACTED)
                        .setOldestRevision(5)
                        .build()))
                .isInstanceOfSatisfying(
                        CompactedException.class,
                        e -> assertThat(e.oldestRevision()).isEqualTo(5));
    }
}
