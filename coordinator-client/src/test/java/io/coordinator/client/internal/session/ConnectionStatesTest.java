package io.coordinator.client.internal.session;

import static io.coordinator.client.cluster.ConnectionState.CLOSED;
import static io.coordinator.client.cluster.ConnectionState.CONNECTED;
import static io.coordinator.client.cluster.ConnectionState.LOST;
import static io.coordinator.client.cluster.ConnectionState.RECONNECTED;
import static io.coordinator.client.cluster.ConnectionState.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@Feature({"G-13", "PM-EVT-1"})
class ConnectionStatesTest {
    private final ConnectionStates states = new ConnectionStates(Runnable::run);
    private final List<String> told = new ArrayList<>();
    private final ConnectionListener listener = new ConnectionListener() {
        @Override
        public void stateChanged(ConnectionState from, ConnectionState to) {
            told.add(from + " " + to);
        }

        @Override
        public void sessionReplaced(long oldId, long newId) {
            told.add("session " + oldId + " " + newId);
        }

        @Override
        public void leaderChanged(String node, long term) {
            told.add("leader " + node + " " + term);
        }
    };

    private void tells(String... expected) {
        assertThat(told).containsExactly(expected);
        told.clear();
    }

    @Test
    void eachChangeIsToldOnce() {
        var unused = states.add(listener);
        assertThat(states.state()).isEqualTo(SUSPENDED);
        states.detached();
        tells();
        states.attached();
        tells(SUSPENDED + " " + CONNECTED);
        states.detached();
        states.detached();
        tells(CONNECTED + " " + SUSPENDED);
        states.attached();
        states.attached();
        tells(SUSPENDED + " " + RECONNECTED);
    }

    @Test
    void whatIsLostStaysLostUntilThereIsAConnectionAgain() {
        var unused = states.add(listener);
        states.attached();
        states.lost();
        told.clear();
        states.detached();
        tells();
        assertThat(states.state()).isEqualTo(LOST);
        states.attached();
        tells(LOST + " " + RECONNECTED);
    }

    @Test
    void whatIsClosedStaysClosed() {
        var unused = states.add(listener);
        states.attached();
        states.closed();
        told.clear();
        states.attached();
        states.lost();
        states.detached();
        tells();
        assertThat(states.state()).isEqualTo(CLOSED);
    }

    @Test
    void sessionsAndLeadersAreTold() {
        var unused = states.add(listener);
        states.replaced(3, 4);
        states.leader("n1", 7);
        tells("session 3 4", "leader n1 7");
    }

    @Test
    void oneThatThrowsKeepsNothingFromTheOthers() {
        var first = states.add(new ConnectionListener() {
            @Override
            public void stateChanged(ConnectionState from, ConnectionState to) {
                throw new IllegalStateException("on purpose");
            }
        });
        var unused = states.add(listener);
        states.attached();
        tells(SUSPENDED + " " + CONNECTED);
        first.close();
    }
}
