package io.coordinator.client.internal.rpc;

import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.RpcQuery;

/** A name that is called, and how its messages begin. */
record ProcedureId(String namespace, String name) {
    static final TypeEnvelope<RpcCommand, RpcQuery> TYPE = new TypeEnvelope<>(
            Command.Builder::setRpc, Reply.OutcomeCase.RPC, Query.Builder::setRpc, Answer.OutcomeCase.RPC);

    ProcedureId {
        Calls.checkName("name", name);
    }

    /** A command about it, without the operation. */
    RpcCommand.Builder command() {
        return RpcCommand.newBuilder().setNamespace(namespace).setName(name);
    }

    /** A query about it, without the operation. */
    RpcQuery.Builder query() {
        return RpcQuery.newBuilder().setNamespace(namespace).setName(name);
    }

    /** In an envelope. */
    static Command.Builder envelope(RpcCommand.Builder command) {
        return Command.newBuilder().setRpc(command);
    }

    @Override
    public String toString() {
        return "\"" + name + "\" in namespace \"" + namespace + "\"";
    }
}
