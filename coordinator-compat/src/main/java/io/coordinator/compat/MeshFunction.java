package io.coordinator.compat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves calls of a name; user code. */
@FunctionalInterface
public interface MeshFunction {
    /**
     * Makes the result of a call.
     *
     * @param arguments what the caller gave, in its order
     * @return anything that the client's mapper can write, also null; a stage stands for what it will come to
     * @throws Exception the caller gets its class name and message; {@link io.coordinator.client.rpc.RpcFailure} says
     *     a code as well
     */
    @Nullable
    Object apply(List<JsonNode> arguments) throws Exception;
}
