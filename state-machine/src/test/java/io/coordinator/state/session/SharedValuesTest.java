package io.coordinator.state.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Event;
import io.coordinator.state.kernel.Storage;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** A value that many are told is there for as long as any of them has not heard it. */
@Feature({"C-06", "G-6"})
class SharedValuesTest {
    private static final ByteString VALUE = ByteString.copyFromUtf8("1");

    private final Storage storage = new Storage();
    private final SharedValues values = new SharedValues(storage);

    private void isThere(long id) {
        assertThat(values.get(id)).isEqualTo(VALUE);
    }

    private void isGone(long id) {
        assertThat(storage.rows()).isZero();
        assertThatThrownBy(() -> values.get(id)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void goesWithTheLastThatRefersToIt() {
        values.add(7, VALUE);
        values.refer(7);
        values.refer(7);
        values.refer(7);
        values.dropUnused(7);
        isThere(7);
        values.release(7);
        values.release(7);
        isThere(7);
        values.release(7);
        isGone(7);
    }

    @Test
    void goesAtOnceIfNobodyRefersToIt() {
        values.add(7, VALUE);
        values.dropUnused(7);
        isGone(7);
    }

    @Test
    void eachHasItsOwnReferences() {
        values.add(7, VALUE);
        values.add(8, ByteString.copyFromUtf8("2"));
        values.refer(7);
        values.refer(8);
        values.release(8);
        isThere(7);
        assertThat(storage.rows()).isEqualTo(1);
    }

    @Test
    void zeroNamesNone() {
        values.refer(0);
        values.release(0);
        assertThat(storage.rows()).isZero();
    }

    @Test
    @Feature("R-24")
    void countsAsBeforeWhenChangesAreTakenBack() {
        values.add(7, VALUE);
        values.refer(7);
        storage.undo().open();
        values.refer(7);
        storage.undo().takeBack();
        storage.undo().open();
        values.release(7);
        storage.undo().takeBack();
        isThere(7);
        values.release(7);
        isGone(7);
    }

    @Test
    void anEventIsSentWithTheValueThatItNames() {
        values.add(7, VALUE);
        Event stored = Event.newBuilder().setNumber(3).setValueId(7).build();
        assertThat(values.filledIn(stored))
                .isEqualTo(Event.newBuilder().setNumber(3).setValue(VALUE).build());
        Event plain = Event.newBuilder().setNumber(4).setValue(VALUE).build();
        assertThat(values.filledIn(plain)).isEqualTo(plain);
    }
}
